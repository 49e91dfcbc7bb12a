"""Agents that decide: searches over a language model, its trainer, and the command line.

`make` builds any of them by name; the searches are interchangeable behind `agents.base.Agent`.
"""

import difflib
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agents.inference.base import Engine
    from agents.search.agent import SearchAgent
    from amz_env.dynamics import Rules

__all__ = ["AGENTS", "label", "make"]

AGENTS: dict[str, dict[str, Any]] = {
    "greedy": {"temperature": 0.0},
    "majority": {"n": 8, "temperature": 0.8},
    "best-of-n": {"n": 8, "temperature": 0.8},
    "sbs": {"beams": 1, "width": 5, "likelihood": 0.0, "temperature": 0.6},
    "dvts": {"subtrees": 4, "width": 4, "temperature": 0.6},
    "mcts": {"simulations": 40, "width": 5, "c_puct": 1.25, "likelihood": 0.0, "leaves": 1, "temperature": 0.6},
    "ab-mcts": {"simulations": 64, "temperature": 1.0},
}
"""Agent name -> its options with their defaults (SBS and MCTS: the paper's).

The paper reports beam search at temperatures 0.6 and 1.0, the latter 0.3 points higher; a small model, whose unlikely
tokens are noise, does better at 0.6.
"""


def make(
    name: str, *, model: "str | Engine" = "builtin", rules: "Rules | None" = None, **options: Any
) -> "SearchAgent":
    """Build an agent by name.

    Args:
        name: one of `AGENTS`.
        model: a model directory, the name of a model that ships, or an engine to share between agents.
        rules: limits and format of the episodes; by default those of `Rules`, the tagged format among them.
        **options: the agent's options in place of the defaults, and `label` for its name in tables.

    Raises:
        ValueError: an unknown agent or option, or an option out of range.
    """
    from agents.inference import load_engine
    from agents.search import ALGORITHMS
    from agents.search.agent import SearchAgent
    from amz_env.dynamics import Rules

    called = label(name, **options)
    settings = AGENTS[name] | options
    settings.pop("label", None)
    temperature = float(settings.pop("temperature"))
    engine = load_engine(model) if isinstance(model, str) else model
    algorithm = partial(ALGORITHMS[name], **settings)
    return SearchAgent(called, algorithm, engine, temperature, rules or Rules())


def label(name: str, **options: Any) -> str:
    """Return the name in tables of the agent that `make` would build; its ``label`` where it has one.

    Raises:
        ValueError: an unknown agent or option, or an option out of range.
    """
    if name not in AGENTS:
        close = difflib.get_close_matches(name, AGENTS, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"unknown agent {name!r}{hint} (known: {', '.join(AGENTS)})")
    called = options.pop("label", None)
    unknown = set(options) - set(AGENTS[name])
    if unknown:
        raise ValueError(f"agent {name!r} has no option {sorted(unknown)[0]!r} (it has: {', '.join(AGENTS[name])})")
    settings = AGENTS[name] | options
    _check(name, settings)
    return called or _label(name, settings)


def _check(name: str, settings: dict[str, Any]) -> None:
    for option in ("n", "beams", "subtrees", "width", "simulations", "leaves"):
        value = settings.get(option, 1)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{name}: {option} must be an integer of at least 1, got {value!r}")
    for option in ("temperature", "c_puct", "likelihood"):
        value = settings.get(option, 0.0)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < float("inf"):
            raise ValueError(f"{name}: {option} must be a finite number of at least 0, got {value!r}")


def _label(name: str, settings: dict[str, Any]) -> str:
    """Name an agent as papers do: maj@8, best-of-8, SBS(1,5), MCTS(40); with whatever else is not usual."""
    short = {
        "greedy": "greedy",
        "majority": f"maj@{settings.get('n')}",
        "best-of-n": f"best-of-{settings.get('n')}",
        "sbs": f"SBS({settings.get('beams')},{settings.get('width')})",
        "dvts": f"DVTS({settings.get('subtrees')},{settings.get('width')})",
        "mcts": f"MCTS({settings.get('simulations')})",
        "ab-mcts": f"AB-MCTS({settings.get('simulations')})",
    }
    told = {"greedy": 0, "majority": 1, "best-of-n": 1, "sbs": 2, "dvts": 2, "mcts": 1, "ab-mcts": 1}.get(name, 0)
    written = {"likelihood": "L", "temperature": "T"}
    further = [
        f",{written.get(option, option)}={settings[option]:g}"
        for option, usual in list(AGENTS[name].items())[told:]  # the first ones are in the short name
        if settings[option] != usual
    ]
    return short.get(name, name) + "".join(further)
