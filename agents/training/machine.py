"""What this machine can do that makes training faster."""

import os
import shutil

import torch


def can_compile() -> bool:
    """Return whether there is the C++ compiler that `torch.compile` calls on a CPU."""
    return shutil.which(os.environ.get("CXX", "g++")) is not None


def bfloat16_pays(device: torch.device) -> bool:
    """Return whether a device computes in bfloat16 faster than in fp32.

    A CPU without AVX-512 does not: there a matrix product took 4 to 50 times as long. Nor does a GPU that only
    emulates it.
    """
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return device.type != "cpu" or torch.backends.cpu.get_cpu_capability() == "AVX512"
