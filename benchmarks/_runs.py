"""One seed of the whole loop, as it is on disk: metrics of its rounds and outcomes of its evaluations."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from agents.reporting.outcome import Outcome
from agents.training.run_files import all_metrics
from benchmarks._seeds import Measured, Outcomes, read_outcomes, share, share_within

DONE = "findings.json"
TEST, TRANSFER = "test", "mini-gaokao"
GREEDY = "greedy"
SHARES = {"solved_share": "problems"}
"""Share among a round's metrics -> the metric that says of how many."""
ERRORS = {
    "pair_accuracy": "pair_error",
    "likelihood_pair_accuracy": "likelihood_pair_error",
    "sibling_accuracy": "sibling_error",
}
"""Share among a round's metrics -> the metric that is its standard error."""


def outcomes_path(folder: Path, name: str, number: int) -> Path:
    """Return where the outcomes on a set with a round's model are."""
    return folder / "findings" / f"{name}-round-{number}.jsonl"


@dataclass(frozen=True)
class Seed:
    """One seed of the whole loop, as it is on disk.

    Attributes:
        folder: its run.
        rounds: how many rounds count.
        values: the run whose model gives the values, where that is another one.
        value: how well the last round's V ranks paths of the test problems, where that was measured.
    """

    folder: Path
    rounds: int
    values: Path | None = None
    value: Mapping[str, float | None] = field(default_factory=dict)

    @cached_property
    def metrics(self) -> dict[int, dict[str, Any]]:
        """What each round says of itself."""
        return all_metrics(self.folder)

    @cached_property
    def outcomes(self) -> dict[tuple[str, int], Outcomes]:
        """(set, round) -> outcomes."""
        numbers = range(self.rounds + 1)
        return {(s, k): read_outcomes(outcomes_path(self.folder, s, k)) for s in (TEST, TRANSFER) for k in numbers}

    def of(self, problems: str, number: int, agent: str = GREEDY) -> dict[int, Outcome]:
        """Return an agent's outcomes by problem; none where it was not run."""
        return dict(self.outcomes[problems, number].get(agent, {}))

    def metric(self, number: int, group: str, name: str) -> Measured | None:
        """Return a figure of a round's metrics; a share with the interval that its problems give it."""
        metrics = all_metrics(self.values) if self.values and group == "value" else self.metrics
        return figure_of(metrics.get(number, {}).get(group, {}), name)


def read_seed(folder: Path) -> Seed:
    """Return a seed that is done.

    Raises:
        FileNotFoundError: it is not.
    """
    told = json.loads((folder / DONE).read_text())
    return Seed(folder, told["rounds"], value=told.get("value", {}))


def figure_of(told: Mapping[str, float | None], name: str) -> Measured | None:
    """Return one of some figures, None where it is not told; a share with the interval that its problems give it."""
    value = told.get(name)
    if value is None:
        return None
    of, slash, part = name.partition("/")
    if of in SHARES:
        return share(value, told.get(SHARES[of] + slash + part))
    if of in ERRORS:
        return share_within(value, told.get(ERRORS[of] + slash + part))
    return Measured(float(value))
