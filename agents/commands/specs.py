"""Agents as one writes them on a command line: ``name[:option=value[,option=value...]]``.

Several stand side by side, with spaces or commas between. A piece with ``=`` and no ``:`` before it is a further option
of the agent before, so ``sbs:beams=3,width=5,greedy`` is two agents.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agents import AGENTS, make
from agents.base import Agent

if TYPE_CHECKING:
    from agents.inference.base import Engine

Option = int | float | str


@dataclass(frozen=True, slots=True)
class AgentSpec:
    """One agent as asked for: a name of `agents.AGENTS` and the options that differ from its defaults."""

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
        raise ValueError(f"no agent given (known: {', '.join(AGENTS)})")
    return specs


def build(specs: Iterable[AgentSpec], engine: "Engine") -> list[Agent]:
    """Build agents on one engine; where two would have the same name in tables, the later one is named as written.

    Raises:
        ValueError: an option out of range, or two agents of the same label.
    """
    agents: dict[str, Agent] = {}
    for spec in specs:
        options: dict[str, Any] = dict(spec.options)
        agent: Agent = make(spec.name, model=engine, **options)
        if agent.name in agents and "label" not in options:
            agent = make(spec.name, model=engine, label=str(spec), **options)
        if agent.name in agents:
            raise ValueError(f"two agents are called {agent.name!r}; give one of them another label=")
        agents[agent.name] = agent
    return list(agents.values())


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
    if name not in AGENTS:
        close = difflib.get_close_matches(name, AGENTS, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ValueError(f"unknown agent {name!r}{hint} (known: {', '.join(AGENTS)})")
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
    defaults = AGENTS[name]
    if option not in defaults:
        raise ValueError(f"agent {name!r} has no option {option!r} (it has: {', '.join((*defaults, 'label'))})")
    kind = type(defaults[option])
    try:
        value: Option = kind(text)
    except ValueError:
        what = "a whole number" if kind is int else "a number"
        raise ValueError(f"agent {name!r}: {option} must be {what}, got {text!r}") from None
    return value
