import torch
import torch.nn as nn

nc = 3
nz = 100
ngf = 16


def up(in_ch, out_ch, *, last=False):
    layers = [nn.ConvTranspose2d(in_ch, out_ch, 4, 2, 1, bias=False)]
    return layers if last else [*layers, nn.BatchNorm2d(out_ch), nn.ReLU(True)]


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        widths = [ngf * m for m in (8, 4, 2, 1)]
        blocks = []
        for a, b in zip(widths[:-1], widths[1:]):
            blocks += up(a, b)
        self.main = nn.Sequential(
            nn.ConvTranspose2d(nz, widths[0], 4, 1, 0, bias=False),
            nn.BatchNorm2d(ngf * 8),
            nn.ReLU(True),
            *blocks,
            *up(ngf, nc, last=True),
            nn.Tanh(),
        )

    def forward(self, noise):
        return self.main(noise)


netG = Generator()
x = torch.randn(4, nz, 1, 1)
y = netG(x)
