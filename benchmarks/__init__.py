"""Speed of convlib beside PyTorch and other ways with NumPy: ``python -m benchmarks``."""
