"""The GPU of this process: processes that do the same work take turns through the GPUs, and share their memory."""

import torch

from agents.processes import own_place


def own_device(device: str) -> str:
    """Return `device`, where it is `cuda` without a number with that of the GPU that this process is to use.

    Raises:
        ValueError: there is no GPU that PyTorch can use.
    """
    if torch.device(device).type == "cuda" and not torch.cuda.is_available():
        raise ValueError(f"device {device}: PyTorch finds no GPU here")
    return f"cuda:{own_place().gpu(torch.cuda.device_count())}" if device == "cuda" else device


def free_bytes(device: torch.device) -> int:
    """Return this process' share of the memory that a GPU has left, 0 for other devices."""
    if device.type != "cuda":
        return 0
    free, _ = torch.cuda.mem_get_info(device)
    return free // own_place().neighbours(torch.cuda.device_count())
