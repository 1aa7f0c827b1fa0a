"""The modules of convlib once more, on PyTorch: the notebooks run on either."""
