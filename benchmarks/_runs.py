"""One seed of the whole loop, as it is on disk: metrics of its rounds and outcomes of its evaluations."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from agents.reporting.outcome import Outcome
from agents.training.run_files import all_metrics
from benchmarks._seeds import Measured, Outcomes, read_outcomes, share

DONE = "findings.json"
TEST, TRANSFER = "test", "mini-gaokao"
GREEDY = "greedy"
SHARES = {
    "solved_share": "problems",
    "pair_accuracy": "pairs",
    "likelihood_pair_accuracy": "pairs",
    "sibling_accuracy": "sibling_pairs",
}
"""Share among a round's metrics -> the metric that says of how many."""


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
    """

    folder: Path
    rounds: int
    values: Path | None = None

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
        """Return a figure of a round's metrics; a share with the interval that its problems or pairs give it."""
        metrics = all_metrics(self.values) if self.values and group == "value" else self.metrics
        told = metrics.get(number, {}).get(group, {})
        value = told.get(name)
        if value is None:
            return None
        of, slash, part = name.partition("/")
        return share(value, told.get(SHARES[of] + slash + part)) if of in SHARES else Measured(float(value))
