"""A comparison under way: what is to be done, and what is done."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agents.commands.fitting import Fitted
from agents.commands.specs import AgentSpec, named
from agents.commands.version import version
from agents.commands.workers import Decoded, Team
from agents.reporting.comparison import Row, row_of
from agents.reporting.curves import Curve, Point
from agents.reporting.outcome import Outcome
from amz_env.problems.base import Problem


@dataclass
class Run:
    """What one agent has done so far.

    Attributes:
        outcomes: in order of finishing, of all seeds.
        wall_seconds: how long it worked.
        decoded: what the model did for it.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    wall_seconds: float = 0.0
    decoded: Decoded = field(default_factory=Decoded)

    def row(self, agent: str, expected: int) -> Row:
        """Return the agent's row, of so many outcomes when it has finished."""
        mean_rows = self.decoded.rows / self.decoded.calls if self.decoded.calls else None
        return row_of(agent, self.outcomes, wall_seconds=self.wall_seconds, expected=expected, mean_rows=mean_rows)


@dataclass
class Comparison:
    """A comparison under way.

    Attributes:
        config: the options, resolved to plain values.
        asked: the agents that were asked for.
        problems: the same for every agent.
        seeds: each agent runs once per seed.
        out: directory of the results.
        team: does the work.
        agents: the agents to compare, by their names in tables: the ones asked for, or those that fit the budgets.
        budgets: generated tokens per problem, () where agents are compared as they are.
        fitted: agent as asked for -> budget -> name of what fits it, None where nothing does.
        runs: agent's name -> what it has done, of the agents that have begun.
    """

    config: dict[str, Any]
    asked: Sequence[AgentSpec]
    problems: Sequence[Problem]
    seeds: Sequence[int]
    out: Path
    team: Team
    agents: dict[str, AgentSpec]
    budgets: Sequence[int] = ()
    fitted: dict[str, dict[int, str | None]] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)

    def use(self, fitted: Fitted) -> None:
        """Compare the agents that fit the budgets; one that fits several is run once."""
        chosen = {str(spec): spec for by_budget in fitted.values() for spec in by_budget.values() if spec is not None}
        self.agents = named(chosen.values())
        names = dict(zip(chosen, self.agents, strict=True)) | {"None": None}
        self.fitted = {
            agent: {budget: names[str(spec)] for budget, spec in by_budget.items()}
            for agent, by_budget in fitted.items()
        }

    @property
    def expected(self) -> int:
        """Outcomes of an agent that has finished."""
        return len(self.problems) * len(self.seeds)

    @property
    def sources(self) -> str:
        """Where the problems are from, for titles."""
        return ", ".join(dict.fromkeys(problem.source for problem in self.problems))

    @property
    def partial(self) -> bool:
        """Whether something is left to do."""
        done = {name: len(run.outcomes) for name, run in self.runs.items()}
        return any(done.get(name, 0) < self.expected for name in self.agents)

    @property
    def outcomes(self) -> list[Outcome]:
        """Every outcome so far, agent by agent."""
        return [outcome for run in self.runs.values() for outcome in run.outcomes]

    def rows(self) -> list[Row]:
        """Return the rows of the agents that have begun."""
        return [run.row(name, self.expected) for name, run in self.runs.items()]

    def curves(self) -> list[Curve]:
        """Return accuracy at the budgets, of the agents that have begun; none without budgets."""
        rows = {row.agent: row for row in self.rows()}
        return [
            Curve(agent, tuple(Point(budget, rows.get(name or "")) for budget, name in names.items()))
            for agent, names in self.fitted.items()
        ]

    def to_json(self) -> dict[str, Any]:
        """Return the content of results.json."""
        return {
            "format": "amz-compare-1",
            "version": version(),
            "python": platform.python_version(),
            "machine": {"system": platform.platform(terse=True), "cpus": os.cpu_count()},
            "config": self.config,
            "partial": self.partial,
            "rows": [row.to_json() for row in self.rows()],
            "budgets": [point for curve in self.curves() for point in curve.to_json()],
            "problems": [outcome.to_json() for outcome in self.outcomes],
        }
