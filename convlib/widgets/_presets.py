"""Networks that StackLedger knows, row by row, with the image that each meets."""

from ._modules import complete
from ._words import english


class Rows:
    """A network as it is written down: each method adds a row and returns its number."""

    def __init__(self):
        self.layers = []

    def add(self, kind, **settings):
        """Add a layer."""
        self.layers.append(complete({"kind": kind, **settings}))
        return len(self.layers) - 1

    def conv(self, out_channels, kernel_size, norm=True, act="ReLU", **settings):
        """Add a convolution; with a norm behind it has no bias, since the norm has its own."""
        settings = {"bias": not norm, **settings}
        row = self.add("Conv2d", out_channels=out_channels, kernel_size=kernel_size, **settings)
        return self.after(row, norm, act)

    def up(self, out_channels, kernel_size, norm=True, act="ReLU", **settings):
        """Add a transposed convolution."""
        settings = {"bias": not norm, **settings}
        sizes = {"out_channels": out_channels, "kernel_size": kernel_size}
        return self.after(self.add("ConvTranspose2d", **sizes, **settings), norm, act)

    def after(self, row, norm, act):
        """Add a norm and an activation."""
        if norm:
            row = self.add("BatchNorm2d" if norm is True else norm)
        if isinstance(act, dict):
            return self.add(**act)
        return self.add(act) if act else row

    def pool(self, kernel_size, **settings):
        """Add a maximum pooling."""
        return self.add("MaxPool2d", kernel_size=kernel_size, **settings)

    def head(self, *features, dropout=None):
        """Add the average of each channel, and the classifier."""
        self.add("AdaptiveAvgPool2d", output_size=1)
        self.add("Flatten")
        if dropout is not None:
            self.add("Dropout", p=dropout)
        for count in features:
            self.add("Linear", out_features=count)

    @property
    def last(self):
        return len(self.layers) - 1


def _branch(rows, source, out_channels, stride):
    """Add the 1 x 1 convolution of a skip whose sizes change; return the row that is added."""
    settings = {"out_channels": out_channels, "kernel_size": 1, "stride": stride, "bias": False}
    rows.add("Conv2d", **settings, **{"from": [source]})
    return rows.add("BatchNorm2d")


def _resnet_stem(rows):
    rows.conv(64, 7, stride=2, padding=3)
    rows.pool(3, stride=2, padding=1)


def resnet18():
    """Two basic blocks at each of four sizes."""
    rows = Rows()
    _resnet_stem(rows)
    for stage, width in enumerate((64, 128, 256, 512)):
        for block in range(2):
            source, stride = rows.last, 2 if stage and not block else 1
            rows.conv(width, 3, stride=stride, padding=1)
            path = rows.conv(width, 3, padding=1, act=None)
            skip = _branch(rows, source, width, stride) if stride == 2 else source
            rows.add("add", **{"from": [path, skip]})
            rows.add("ReLU")
    rows.head(1000)
    return rows.layers


def resnet50():
    """Three, four, six and three bottlenecks; the 3 x 3 convolution takes the stride."""
    rows = Rows()
    _resnet_stem(rows)
    for stage, (width, blocks) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3))):
        for block in range(blocks):
            source, stride = rows.last, 2 if stage and not block else 1
            rows.conv(width, 1)
            rows.conv(width, 3, stride=stride, padding=1)
            path = rows.conv(4 * width, 1, act=None)
            skip = source if block else _branch(rows, source, 4 * width, stride)
            rows.add("add", **{"from": [path, skip]})
            rows.add("ReLU")
    rows.head(1000)
    return rows.layers


def vgg16():
    """Thirteen 3 x 3 convolutions in five blocks, and three Linear layers."""
    rows = Rows()
    for width, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(count):
            rows.conv(width, 3, norm=False, padding=1)
        rows.pool(2)
    rows.add("AdaptiveAvgPool2d", output_size=7)
    rows.add("Flatten")
    for features in (4096, 4096):
        rows.add("Linear", out_features=features)
        rows.add("ReLU")
        rows.add("Dropout")
    rows.add("Linear", out_features=1000)
    return rows.layers


def mobilenetv2():
    """Seventeen inverted residuals: expand, depthwise, project."""
    rows = Rows()
    rows.conv(32, 3, act="ReLU6", stride=2, padding=1)
    channels = 32
    plan = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2)]
    plan += [(6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    for expansion, width, count, first in plan:
        for block in range(count):
            source, stride, wide = rows.last, 1 if block else first, expansion * channels
            if expansion > 1:
                rows.conv(wide, 1, act="ReLU6")
            rows.conv(wide, 3, act="ReLU6", stride=stride, padding=1, groups=wide)
            path = rows.conv(width, 1, act=None)
            if stride == 1 and channels == width:
                rows.add("add", **{"from": [source, path]})
            channels = width
    rows.conv(1280, 1, act="ReLU6")
    rows.head(1000, dropout=0.2)
    return rows.layers


def unet():
    """Four times half the size, four times back, each time joined with what was there."""
    rows, kept = Rows(), []
    for width in (64, 128, 256, 512):
        rows.conv(width, 3, padding=1)
        kept.append(rows.conv(width, 3, padding=1))
        rows.pool(2)
    for _ in range(2):
        rows.conv(1024, 3, padding=1)
    for width, row in zip((512, 256, 128, 64), reversed(kept), strict=True):
        path = rows.up(width, 2, norm=False, act=None, stride=2)
        rows.add("cat", **{"from": [row, path]})
        for _ in range(2):
            rows.conv(width, 3, padding=1)
    rows.conv(1, 1, norm=False, act=None)
    return rows.layers


def dcgan():
    """From 100 random numbers to a picture of 64 x 64."""
    rows = Rows()
    rows.up(512, 4)
    for width in (256, 128, 64):
        rows.up(width, 4, stride=2, padding=1)
    rows.up(3, 4, norm=False, act="Tanh", stride=2, padding=1, bias=False)
    return rows.layers


def patchgan70():
    """Says of each patch of 70 x 70 whether it is real."""
    rows, leaky = Rows(), {"kind": "LeakyReLU", "negative_slope": 0.2}
    rows.conv(64, 4, norm=False, act=leaky, stride=2, padding=1)
    for width, stride in ((128, 2), (256, 2), (512, 1)):
        rows.conv(width, 4, act=leaky, stride=stride, padding=1)
    rows.conv(1, 4, norm=False, act=None, padding=1)
    return rows.layers


def _conv(out_channels, kernel_size, **settings):
    layer = {"kind": "Conv2d", "out_channels": out_channels, "kernel_size": kernel_size}
    return complete({**layer, **settings})


def _pool(kernel_size, **settings):
    return complete({"kind": "MaxPool2d", "kernel_size": kernel_size, **settings})


def _without_bias(*layers):
    """Leave the biases out: each layer is followed by a BatchNorm2d, which has its own."""
    return [{**layer, "bias": False} for layer in layers]


# Each with the channels and the size that it meets in its network.
PRESETS = {
    "resnet50_stem": {
        "in_channels": 3,
        "input_size": 224,
        "layers": [
            *_without_bias(_conv(64, 7, stride=2, padding=3)),
            _pool(3, stride=2, padding=1),
        ],
        "note": english("The start of ResNet-50 (He et al., arXiv:1512.03385)."),
    },
    "resnet50_bottleneck": {
        "in_channels": 256,
        "input_size": 56,
        "layers": _without_bias(_conv(64, 1), _conv(64, 3, padding=1), _conv(256, 1)),
        "note": english(
            "A bottleneck of ResNet-50 (He et al., arXiv:1512.03385). Its input is then added."
        ),
    },
    "vgg_block": {
        "in_channels": 3,
        "input_size": 224,
        "layers": [_conv(64, 3, padding=1), _conv(64, 3, padding=1), _pool(2)],
        "note": english("The first block of VGG-16 (Simonyan and Zisserman, arXiv:1409.1556)."),
    },
    "mobilenetv2_block": {
        "in_channels": 24,
        "input_size": 56,
        "layers": _without_bias(_conv(144, 1), _conv(144, 3, padding=1, groups=144), _conv(24, 1)),
        "note": english(
            "An inverted residual of MobileNetV2 (Sandler et al., arXiv:1801.04381): expand"
            " by 6, depthwise, project. Its input is then added."
        ),
    },
    "resnext_block": {
        "in_channels": 256,
        "input_size": 56,
        "layers": _without_bias(_conv(128, 1), _conv(128, 3, padding=1, groups=32), _conv(256, 1)),
        "note": english(
            "A block of ResNeXt-50, 32 groups of 4 (Xie et al., arXiv:1611.05431). Its input is"
            " then added."
        ),
    },
    "deeplab_aspp": {
        "in_channels": 512,
        "input_size": 41,
        "layers": [_conv(1024, 3, padding=12, dilation=12), _conv(1024, 1), _conv(21, 1)],
        "note": english(
            "One of four branches side by side in DeepLab's ASPP (Chen et al.,"
            " arXiv:1606.00915). The others have padding and dilation 6, 18 and 24."
        ),
    },
    "resnet18": {
        "in_channels": 3,
        "input_size": 224,
        "layers": resnet18(),
        "note": english("ResNet-18, the whole network (He et al., arXiv:1512.03385)."),
    },
    "resnet50": {
        "in_channels": 3,
        "input_size": 224,
        "layers": resnet50(),
        "note": english(
            "ResNet-50 (He et al., arXiv:1512.03385), with the stride in the 3 × 3 layer, as"
            " torchvision has it."
        ),
    },
    "vgg16": {
        "in_channels": 3,
        "input_size": 224,
        "layers": vgg16(),
        "note": english("VGG-16 (Simonyan and Zisserman, arXiv:1409.1556)."),
    },
    "mobilenetv2": {
        "in_channels": 3,
        "input_size": 224,
        "layers": mobilenetv2(),
        "note": english("MobileNetV2 (Sandler et al., arXiv:1801.04381)."),
    },
    "unet": {
        "in_channels": 1,
        "input_size": 256,
        "layers": unet(),
        "note": english(
            "A U-Net (Ronneberger et al., arXiv:1505.04597) with padding 1, so that halves meet."
        ),
    },
    "dcgan": {
        "in_channels": 100,
        "input_size": 1,
        "layers": dcgan(),
        "note": english("The generator of DCGAN (Radford et al., arXiv:1511.06434)."),
    },
    "patchgan70": {
        "in_channels": 6,
        "input_size": 256,
        "layers": patchgan70(),
        "note": english(
            "The discriminator of pix2pix (Isola et al., arXiv:1611.07004). One output sees"
            " 70 × 70 pixels of two pictures side by side in the channels."
        ),
    },
}
