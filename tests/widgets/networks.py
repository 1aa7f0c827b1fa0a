"""Networks as people write them, to be read by StackLedger, with the layers of the papers."""

import torch
from torch import nn
from torch.nn import functional


class BasicBlock(nn.Module):
    def __init__(self, inner, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inner, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1 or inner != width:
            skip = nn.Conv2d(inner, width, 1, stride, bias=False)
            self.downsample = nn.Sequential(skip, nn.BatchNorm2d(width))

    def forward(self, x):
        out = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        out += x if self.downsample is None else self.downsample(x)
        return self.relu(out)


class Bottleneck(nn.Module):
    def __init__(self, inner, width, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inner, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or inner != 4 * width:
            skip = nn.Conv2d(inner, 4 * width, 1, stride, bias=False)
            self.downsample = nn.Sequential(skip, nn.BatchNorm2d(4 * width))

    def forward(self, x):
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        skip = x if self.downsample is None else self.downsample(x)
        return self.relu(out + skip)


class ResNet(nn.Module):
    def __init__(self, block, counts, expansion):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 64, 7, 2, 3, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2, 1),
        )
        blocks, inner = [], 64
        for stage, (width, count) in enumerate(zip((64, 128, 256, 512), counts, strict=True)):
            for index in range(count):
                blocks.append(block(inner, width, 2 if stage and not index else 1))
                inner = expansion * width
        self.blocks = nn.Sequential(*blocks)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(inner, 1000)

    def forward(self, x):
        x = self.avgpool(self.blocks(self.stem(x)))
        return self.fc(torch.flatten(x, 1))


def resnet18():
    return ResNet(BasicBlock, (2, 2, 2, 2), 1)


def resnet50():
    return ResNet(Bottleneck, (3, 4, 6, 3), 4)


class VGG16(nn.Module):
    def __init__(self):
        super().__init__()
        layers, inner = [], 3
        for width, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
            for _ in range(count):
                layers += [nn.Conv2d(inner, width, 3, padding=1), nn.ReLU(inplace=True)]
                inner = width
            layers.append(nn.MaxPool2d(2, 2))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d(7)
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, 4096),
            nn.ReLU(True),
            nn.Dropout(),
            nn.Linear(4096, 4096),
            nn.ReLU(True),
            nn.Dropout(),
            nn.Linear(4096, 1000),
        )

    def forward(self, x):
        x = self.avgpool(self.features(x))
        return self.classifier(x.view(x.size(0), -1))


def conv_bn_relu6(inner, width, kernel_size, stride=1, groups=1):
    padding = kernel_size // 2
    return nn.Sequential(
        nn.Conv2d(inner, width, kernel_size, stride, padding, groups=groups, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU6(inplace=True),
    )


class InvertedResidual(nn.Module):
    def __init__(self, inner, width, stride, expansion):
        super().__init__()
        wide = inner * expansion
        layers = [conv_bn_relu6(inner, wide, 1)] if expansion > 1 else []
        layers += [
            conv_bn_relu6(wide, wide, 3, stride, groups=wide),
            nn.Conv2d(wide, width, 1, bias=False),
            nn.BatchNorm2d(width),
        ]
        self.conv = nn.Sequential(*layers)
        self.is_residual = stride == 1 and inner == width

    def forward(self, x):
        return x + self.conv(x) if self.is_residual else self.conv(x)


class MobileNetV2(nn.Module):
    def __init__(self):
        super().__init__()
        layers, inner = [conv_bn_relu6(3, 32, 3, 2)], 32
        for expansion, width, count, stride in (
            (1, 16, 1, 1),
            (6, 24, 2, 2),
            (6, 32, 3, 2),
            (6, 64, 4, 2),
            (6, 96, 3, 1),
            (6, 160, 3, 2),
            (6, 320, 1, 1),
        ):
            for index in range(count):
                layers.append(InvertedResidual(inner, width, 1 if index else stride, expansion))
                inner = width
        self.features = nn.Sequential(*layers, conv_bn_relu6(inner, 1280, 1))
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(1280, 1000))

    def forward(self, x):
        x = functional.adaptive_avg_pool2d(self.features(x), (1, 1))
        return self.classifier(torch.flatten(x, 1))


def double_conv(inner, width):
    return nn.Sequential(
        nn.Conv2d(inner, width, 3, padding=1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
        nn.Conv2d(width, width, 3, padding=1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
    )


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        widths = (64, 128, 256, 512)
        self.downs = nn.ModuleList(
            double_conv(*each) for each in zip((1, *widths), widths, strict=False)
        )
        self.pool = nn.MaxPool2d(2)
        self.middle = double_conv(512, 1024)
        self.ups = nn.ModuleList(nn.ConvTranspose2d(2 * w, w, 2, stride=2) for w in widths[::-1])
        self.joins = nn.ModuleList(double_conv(2 * w, w) for w in widths[::-1])
        self.out = nn.Conv2d(64, 1, 1)

    def forward(self, x):
        skips = []
        for down in self.downs:
            skips.append(down(x))
            x = self.pool(skips[-1])
        x = self.middle(x)
        for up, join, skip in zip(self.ups, self.joins, reversed(skips), strict=True):
            x = join(torch.cat([skip, up(x)], dim=1))
        return self.out(x)


def dcgan():
    layers, inner = [], 100
    for width, stride, padding in ((512, 1, 0), (256, 2, 1), (128, 2, 1), (64, 2, 1)):
        layers += [
            nn.ConvTranspose2d(inner, width, 4, stride, padding, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(True),
        ]
        inner = width
    return nn.Sequential(*layers, nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False), nn.Tanh())


def patchgan70():
    layers = [nn.Conv2d(6, 64, 4, 2, 1), nn.LeakyReLU(0.2, True)]
    for inner, width, stride in ((64, 128, 2), (128, 256, 2), (256, 512, 1)):
        layers += [
            nn.Conv2d(inner, width, 4, stride, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.LeakyReLU(0.2, True),
        ]
    return nn.Sequential(*layers, nn.Conv2d(512, 1, 4, 1, 1))


class ConvSiLU(nn.Module):
    def __init__(self, inner, width, kernel_size=1, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(inner, width, kernel_size, stride, kernel_size // 2, bias=False)
        self.bn = nn.BatchNorm2d(width)
        self.act = nn.SiLU()

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class Split(nn.Module):
    """Two halves of the channels; one goes on through blocks, and all are joined."""

    def __init__(self, inner, width, count):
        super().__init__()
        half = width // 2
        self.first = ConvSiLU(inner, width)
        self.blocks = nn.ModuleList(
            nn.Sequential(ConvSiLU(half, half, 3), ConvSiLU(half, half, 3)) for _ in range(count)
        )
        self.last = ConvSiLU((2 + count) * half, width)

    def forward(self, x):
        parts = list(self.first(x).chunk(2, 1))
        for block in self.blocks:
            parts.append(parts[-1] + block(parts[-1]))
        return self.last(torch.cat(parts, 1))


class Detector(nn.Module):
    """A backbone with three sizes, joined upwards, and a head on each of two of them."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(ConvSiLU(3, 16, 3, 2), ConvSiLU(16, 32, 3, 2))
        self.stage1 = nn.Sequential(Split(32, 32, 1), ConvSiLU(32, 64, 3, 2))
        self.stage2 = nn.Sequential(Split(64, 64, 2), ConvSiLU(64, 128, 3, 2))
        self.reduce = ConvSiLU(128, 64)
        self.pool = nn.MaxPool2d(5, 1, 2)
        self.spread = ConvSiLU(256, 64)
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.join = Split(128, 64, 1)
        self.heads = nn.ModuleList(nn.Conv2d(64, 24, 1) for _ in range(2))

    def forward(self, x):
        middle = self.stage1(self.stem(x))
        small = self.reduce(self.stage2(middle))
        pools = [small]
        for _ in range(3):
            pools.append(self.pool(pools[-1]))
        small = self.spread(torch.cat(pools, 1))
        joined = self.join(torch.cat([self.up(small), middle], 1))
        return [self.heads[0](joined), self.heads[1](small)]


class Plain(nn.Module):
    """A class as a beginner writes it: functions in forward."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, (3, 5), stride=(1, 2), padding=(1, 0))
        self.fc1 = nn.Linear(16 * 7 * 2, 120)
        self.fc2 = nn.Linear(120, 10)

    def forward(self, x):
        x = functional.max_pool2d(functional.relu(self.conv1(x)), 2)
        x = functional.avg_pool2d(torch.relu(self.conv2(x)), (2, 2), (2, 2)) * 2
        x = functional.interpolate(x, scale_factor=1)[:, :, :7, :2]
        x = x.reshape(-1, 16 * 7 * 2)
        return functional.log_softmax(self.fc2(functional.dropout(self.fc1(x), 0.5, False)), dim=1)


NETWORKS = {
    "resnet18": (resnet18, (1, 3, 224, 224)),
    "resnet50": (resnet50, (1, 3, 224, 224)),
    "vgg16": (VGG16, (1, 3, 224, 224)),
    "mobilenetv2": (MobileNetV2, (1, 3, 224, 224)),
    "unet": (UNet, (1, 1, 256, 256)),
    "dcgan": (dcgan, (1, 100, 1, 1)),
    "patchgan70": (patchgan70, (1, 6, 256, 256)),
    "detector": (Detector, (1, 3, 128, 160)),
    "plain": (Plain, (1, 3, 32, 32)),
}
