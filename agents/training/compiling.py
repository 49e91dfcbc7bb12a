"""Whether PyTorch can compile here."""

import os
import shutil


def can_compile() -> bool:
    """Return whether there is the C++ compiler that `torch.compile` calls on a CPU."""
    return shutil.which(os.environ.get("CXX", "g++")) is not None
