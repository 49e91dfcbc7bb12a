"""Engines behind one protocol: they batch what running searches ask of a policy and value model."""

from functools import lru_cache

from agents.inference.base import Engine, Expansion, Proposal, Valuation
from agents.inference.local import Kind, LocalEngine

__all__ = ["Engine", "Expansion", "LocalEngine", "Proposal", "Valuation", "load_engine"]


@lru_cache(maxsize=2)
def load_engine(model: str, kind: Kind = "cached") -> LocalEngine:
    """Return the engine for a model that ships or a model directory; the same one for the same name.

    Args:
        model: ``builtin``, ``builtin-base`` or a directory in the Hugging Face layout.
        kind: ``cached`` or ``recompute``; see `LocalEngine`.

    Raises:
        ValueError: no such model.
    """
    from agents.model import load_model

    return LocalEngine(load_model(model), kind=kind)
