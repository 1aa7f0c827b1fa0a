"""Speed of convlib beside PyTorch and others, and of the widgets: ``python -m benchmarks``."""
