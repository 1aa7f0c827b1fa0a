"""Interactive pictures of ``torch.nn.Conv2d`` for notebooks and for the published book."""

from ._words import set_language as set_language
from .channels_explorer import ChannelsExplorer
from .digit_net import DigitNet
from .dilated_stack import DilatedStack
from .dilation_explorer import DilationExplorer
from .groups_explorer import GroupsExplorer
from .image_explorer import ImageExplorer
from .layer_explorer import LayerExplorer
from .layer_reader import LayerReader
from .padding_atlas import PaddingAtlas
from .pixel_usage import PixelUsage
from .practice import Practice
from .same_padding import SamePadding
from .shape_solver import ShapeSolver
from .stack_ledger import StackLedger
from .transposed_explorer import TransposedExplorer
from .two_layers import TwoLayers

__all__ = [
    "ChannelsExplorer",
    "DigitNet",
    "DilatedStack",
    "DilationExplorer",
    "GroupsExplorer",
    "ImageExplorer",
    "LayerExplorer",
    "LayerReader",
    "PaddingAtlas",
    "PixelUsage",
    "Practice",
    "SamePadding",
    "ShapeSolver",
    "StackLedger",
    "TransposedExplorer",
    "TwoLayers",
]
