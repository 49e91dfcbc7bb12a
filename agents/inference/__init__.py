"""Engines behind one protocol: they batch what running searches ask of a policy and value model."""

import os
from functools import lru_cache

from agents.base import MAX_STEP_TOKENS
from agents.inference.base import Engine, Expansion, Proposal, Valuation
from agents.inference.local import Kind, LocalEngine

__all__ = ["Engine", "Expansion", "LocalEngine", "Proposal", "Valuation", "load_engine"]


@lru_cache(maxsize=2)
def load_engine(
    model: str,
    kind: Kind = "cached",
    device: str = "auto",
    max_step_tokens: int = MAX_STEP_TOKENS,
    few_shot: int | None = None,
) -> LocalEngine:
    """Return the engine for a model that ships or a model directory; the same one for the same arguments.

    Args:
        model: ``builtin``, ``builtin-base`` or a directory in the Hugging Face layout.
        kind: ``cached`` or ``recompute``; see `LocalEngine`.
        device: a torch device; ``auto`` takes a GPU where there is one.
        max_step_tokens: tokens of one step, at least 1; a longer one is cut and ends as malformed.
        few_shot: worked examples before each question; by default 2 for a model that neither has a value head nor knows
            the step format, and none for others.

    Raises:
        ValueError: no such model, no GPU where one is asked for, or a number out of range.
    """
    import torch

    from agents.model import load_model
    from agents.model.few_shot import shots_of, with_examples, worked_states

    if max_step_tokens < 1:
        raise ValueError(f"max_step_tokens must be at least 1, got {max_step_tokens}")
    worked_states(few_shot or 0)  # before the model is loaded, which may take long
    loaded = with_examples(load_model(model, device=device), shots_of(model, few_shot))
    if loaded.device.type == "cpu":
        # Snippets run beside the model: with a thread on every core they would wait for each other in spin loops.
        torch.set_num_threads(max((os.cpu_count() or 2) - 1, 1))
    return LocalEngine(loaded, kind=kind, max_step_tokens=max_step_tokens)
