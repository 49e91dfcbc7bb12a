"""The GPU of this process: processes that do the same work take turns through the GPUs, and share their memory."""

import torch

from agents.processes import own_place

_sharers = 1  # processes of the same work on this process' GPU


def own_device(device: str) -> str:
    """Return the device of this process: where several do the same work, each has its turn of the GPUs for `cuda`.

    `auto` is `cuda` where there is a GPU, else `cpu`.

    Raises:
        ValueError: PyTorch knows no such device, or finds no GPU where one is asked for.
    """
    global _sharers
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        kind = torch.device(device).type
    except RuntimeError:
        raise ValueError(f"PyTorch knows no device {device!r}; say cpu, cuda or mps") from None
    if kind != "cuda":
        return device
    if not torch.cuda.is_available():
        raise ValueError(f"device {device}: PyTorch finds no GPU here")
    place, gpus = own_place(), torch.cuda.device_count()
    if device != "cuda" or place.count == 1:  # the user's choice, or CUDA's current device
        _sharers = place.count
        return device
    _sharers = place.neighbours(gpus)
    return f"cuda:{place.gpu(gpus)}"


def free_bytes(device: torch.device) -> int:
    """Return this process' share of the memory that a GPU has left, 0 for other devices."""
    return torch.cuda.mem_get_info(device)[0] // _sharers if device.type == "cuda" else 0
