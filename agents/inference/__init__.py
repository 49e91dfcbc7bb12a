"""Engines behind one protocol: they batch what running searches ask of a policy and value model."""

import os
from functools import lru_cache

from agents.inference.base import Engine, Expansion, Proposal, Valuation
from agents.inference.local import Kind, LocalEngine

__all__ = ["Engine", "Expansion", "LocalEngine", "Proposal", "Valuation", "load_engine"]


@lru_cache(maxsize=2)
def load_engine(model: str, kind: Kind = "cached", device: str = "auto") -> LocalEngine:
    """Return the engine for a model that ships or a model directory; the same one for the same arguments.

    Args:
        model: ``builtin``, ``builtin-base`` or a directory in the Hugging Face layout.
        kind: ``cached`` or ``recompute``; see `LocalEngine`.
        device: a torch device; ``auto`` takes a GPU where there is one.

    Raises:
        ValueError: no such model, or no GPU where one is asked for.
    """
    import torch

    from agents.model import load_model

    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cpu":
        # Snippets run beside the model: with a thread on every core they would wait for each other in spin loops.
        torch.set_num_threads(max((os.cpu_count() or 2) - 1, 1))
    return LocalEngine(load_model(model, device=device), kind=kind)
