"""Agents as one writes them on a command line: ``name[:option=value[,option=value...]]``.

Several stand side by side, with spaces or commas between. A piece with ``=`` and no ``:`` before it is a further option
of the agent before, so ``sbs:beams=3,width=5,greedy`` is two agents.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agents import AGENTS, label, make
from agents.base import Agent

if TYPE_CHECKING:
    from agents.inference.base import Engine

Option = int | float | str

TRAINED: Final[Mapping[str, Mapping[str, Option]]] = {"sb3": {"path": "runs/sb3"}}
"""Agents that are kept in a directory, beside the searches of `agents.AGENTS`, with their options."""

_KNOWN: Final[Mapping[str, Mapping[str, Any]]] = {**AGENTS, **TRAINED}


@dataclass(frozen=True, slots=True)
class AgentSpec:
    """One agent as asked for: a name of `agents.AGENTS` or `TRAINED`, and the options that differ from its defaults."""

    name: str
    options: Mapping[str, Option] = field(default_factory=dict)

    def __str__(self) -> str:
        options = ",".join(f"{option}={value}" for option, value in self.options.items())
        return f"{self.name}:{options}" if options else self.name


def parse_specs(words: Iterable[str]) -> list[AgentSpec]:
    """Read agents as written.

    Raises:
        ValueError: an unknown agent or option, a value of the wrong kind, an agent given twice, or none at all.
    """
    specs: list[AgentSpec] = []
    for piece in _pieces(words):
        spec = _parse_spec(piece)
        if spec in specs:
            raise ValueError(f"agent {str(spec)!r} is given twice")
        specs.append(spec)
    if not specs:
        raise ValueError(f"no agent given (known: {', '.join(_KNOWN)})")
    return specs


def named(specs: Iterable[AgentSpec]) -> dict[str, AgentSpec]:
    """Return agents by their names in tables; where two would have the same, the later one is named as written.

    Each has its name as its option ``label``.

    Raises:
        ValueError: an option out of range, a directory without a trained policy, or two agents of the same label.
    """
    agents: dict[str, AgentSpec] = {}
    for spec in specs:
        options: dict[str, Any] = dict(spec.options)
        name = options.get("label") or _algorithm(spec) if spec.name in TRAINED else label(spec.name, **options)
        if name in agents and "label" not in options:
            name = str(spec)
        if name in agents:
            raise ValueError(f"two agents are called {name!r}; give one of them another label=")
        agents[name] = AgentSpec(spec.name, {**spec.options, "label": name})
    return agents


def build(spec: AgentSpec, engine: "Engine") -> Agent:
    """Build an agent on an engine.

    Raises:
        ValueError: an option out of range.
    """
    options: dict[str, Any] = dict(spec.options)
    if spec.name in TRAINED:
        from agents.sb3.agent import load

        return load(_folder(spec), engine, name=options.get("label"))
    return make(spec.name, model=engine, **options)


def check_ready(spec: AgentSpec) -> None:
    """Load what a trained agent needs and does not share: what is missing shows before the others have worked.

    Raises:
        ValueError: its policy does not fit its settings.
        ImportError: it needs an extra that is not installed.
    """
    if spec.name in TRAINED:
        from agents.sb3.algorithms import load_policy
        from agents.sb3.settings import Settings

        load_policy(_folder(spec), Settings.load(_folder(spec)))


def _folder(spec: AgentSpec) -> Path:
    return Path(str(spec.options.get("path", TRAINED[spec.name]["path"]))).expanduser()


def _algorithm(spec: AgentSpec) -> str:
    """Return what a trained policy was trained with: its name in tables."""
    from agents.sb3.settings import Settings

    return Settings.load(_folder(spec)).algorithm


def _pieces(words: Iterable[str]) -> list[str]:
    pieces: list[str] = []
    for word in words:
        begins = len(pieces)
        for part in filter(None, (part.strip() for part in word.split(","))):
            further = "=" in part and ":" not in part.partition("=")[0]
            if further and len(pieces) > begins:
                pieces[-1] += f"{',' if ':' in pieces[-1] else ':'}{part}"
            elif further:
                raise ValueError(f"option {part!r} stands without its agent; write name:option=value")
            else:
                pieces.append(part)
    return pieces


def _parse_spec(text: str) -> AgentSpec:
    name, _, rest = text.partition(":")
    if name not in _KNOWN:
        close = difflib.get_close_matches(name, _KNOWN, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"unknown agent {name!r}{hint} (known: {', '.join(_KNOWN)})")
    options: dict[str, Option] = {}
    for part in filter(None, rest.split(",")):
        option, equals, value = (word.strip() for word in part.partition("="))
        if not equals or not value:
            raise ValueError(f"agent {text!r}: expected option=value, got {part!r}")
        if option in options:
            raise ValueError(f"agent {text!r}: option {option!r} is given twice")
        options[option] = _value(name, option, value)
    return AgentSpec(name, options)


def _value(name: str, option: str, text: str) -> Option:
    if option == "label":
        return text
    defaults = _KNOWN[name]
    if option not in defaults:
        raise ValueError(f"agent {name!r} has no option {option!r} (it has: {', '.join((*defaults, 'label'))})")
    kind = type(defaults[option])
    try:
        value: Option = kind(text)
    except ValueError:
        what = "a whole number" if kind is int else "a number"
        raise ValueError(f"agent {name!r}: {option} must be {what}, got {text!r}") from None
    return value
