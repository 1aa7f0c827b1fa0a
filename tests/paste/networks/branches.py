import torch
import torch.nn as nn
import torch.nn.functional as F


class Focus(nn.Module):
    def __init__(self, c1, c2, k=1, s=1, p=None, g=1, act=True):
        super().__init__()
        self.conv = nn.Conv2d(c1, c2, k, s, k // 2 if p is None else p, groups=g, bias=False)
        self.bn = nn.BatchNorm2d(c2)
        self.act = (
            nn.SiLU() if act is True else (act if isinstance(act, nn.Module) else nn.Identity())
        )

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class SE(nn.Module):
    def __init__(self, channels, reduction=4):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Sequential(
            nn.Linear(channels, channels // reduction, bias=False),
            nn.ReLU(inplace=True),
            nn.Linear(channels // reduction, channels, bias=False),
            nn.Sigmoid(),
        )

    def forward(self, x):
        b, c, _, _ = x.size()
        y = self.pool(x).view(b, c)
        y = self.fc(y).view(b, c, 1, 1)
        return x * y


class Inception(nn.Module):
    def __init__(self, in_ch, ch1x1, ch3x3, pool):
        super().__init__()
        self.branch1 = Focus(in_ch, ch1x1)
        self.branch2 = nn.Sequential(Focus(in_ch, ch3x3 // 2), Focus(ch3x3 // 2, ch3x3, 3))
        self.branch3 = nn.Sequential(nn.MaxPool2d(3, 1, 1), Focus(in_ch, pool, act=False))

    def forward(self, x):
        outputs = [branch(x) for branch in (self.branch1, self.branch2, self.branch3)]
        return torch.cat(outputs, 1)


class SPPF(nn.Module):
    def __init__(self, c1, c2, k=5):
        super().__init__()
        c_ = c1 // 2
        self.cv1 = Focus(c1, c_)
        self.cv2 = Focus(c_ * 4, c2)
        self.m = nn.MaxPool2d(kernel_size=k, stride=1, padding=k // 2)

    def forward(self, x):
        x = self.cv1(x)
        y1 = self.m(x)
        y2 = self.m(y1)
        return self.cv2(torch.cat((x, y1, y2, self.m(y2)), 1))


class Net(nn.Module):
    def __init__(self, ch=3, nc=5):
        super().__init__()
        cfg = dict(ch1x1=8, ch3x3=16, pool=8)
        self.stem = Focus(ch, 16, 6, 2, 2)
        self.block = Inception(16, **cfg)
        self.se = SE(sum(cfg.values()))
        self.down = nn.ModuleDict({"conv": nn.Conv2d(32, 64, 3, 2, 1), "act": nn.PReLU(64)})
        self.sppf = SPPF(64, 64)
        self.up = nn.Upsample(None, 2, "nearest")
        self.head = nn.ModuleList([nn.Conv2d(c, 3 * (nc + 5), 1) for c in [96, 64]])

    def forward(self, x):
        a = self.se(self.block(self.stem(x)))
        b = a
        for layer in self.down.values():
            b = layer(b)
        b = self.sppf(b)
        up = self.up(b)
        joined = torch.cat([a, up], dim=1)
        large = self.head[0](joined)
        small = self.head[1](F.dropout(b, p=0.1, training=self.training))
        small = F.interpolate(small, size=large.shape[2:], mode="bilinear", align_corners=False)
        return large + small


net = Net().eval()
