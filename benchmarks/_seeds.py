"""Means over seeds with their 95 % intervals, and accuracies per seed from outcomes on disk."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, Final

from agents.reporting.comparison import Z95, accuracy_of, wilson
from agents.reporting.files import read_lines
from agents.reporting.outcome import Outcome

_T95: Final = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
"""Student's t of a two-sided 95 % interval with 1 to 9 degrees of freedom."""

Outcomes = Mapping[str, Mapping[int, Outcome]]
"""Agent's label -> place of a problem -> its outcome."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over seeds of the whole loop, and its 95 % interval.

    Attributes:
        mean: the mean.
        low: lower end of the interval, None where it is not known, as `high`.
        high: upper end of the interval. With several seeds it is Student's over them, or, where that is wider, the one
            that their problems give; with one it is over its problems.
        values: the figure of each seed.
    """

    mean: float
    low: float | None
    high: float | None
    values: tuple[float, ...]

    @property
    def seeds(self) -> int:
        """How many seeds have the figure."""
        return len(self.values)

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {"mean": self.mean, "low": self.low, "high": self.high, "seeds": self.seeds, "values": list(self.values)}

    def text(self, digits: int = 1, sign: str = "") -> str:
        """Return ``mean [low, high]``."""
        shown = f"{self.mean:{sign}.{digits}f}"
        if self.low is None or self.high is None:
            return shown
        return f"{shown} [{self.low:{sign}.{digits}f}, {self.high:{sign}.{digits}f}]"


Cell = Estimate | None
"""A figure in a report, None where no seed has it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of one seed.

    Attributes:
        value: the figure.
        low: lower end of the 95 % interval that its problems give it, None where that is not known, as `high`.
        high: upper end of it.
        least: the least that such a figure can be.
        most: the most that it can be.
    """

    value: float
    low: float | None = None
    high: float | None = None
    least: float = -math.inf
    most: float = math.inf


def estimate(measured: Iterable[Measured | None]) -> Estimate | None:
    """Return the mean over the seeds that have a figure, None where none has."""
    found = [each for each in measured if each is not None]
    if not found:
        return None
    values = tuple(each.value for each in found)
    if len(found) == 1:
        return Estimate(found[0].value, found[0].low, found[0].high, values)
    mean = fmean(values)
    t = _T95[min(len(found) - 1, len(_T95)) - 1]
    half = t * stdev(values) / math.sqrt(len(found))
    # A few seeds may agree by chance; their mean is not better known than their problems allow.
    known = [each.high - each.low for each in found if each.high is not None and each.low is not None]
    if len(known) == len(found):
        half = max(half, math.hypot(*known) / (2 * len(found)))
    return Estimate(mean, max(mean - half, found[0].least), min(mean + half, found[0].most), values)


def read_outcomes(path: Path) -> Outcomes:
    """Return the outcomes of an evaluation by agent and by place of the problem; none where there is no file."""
    found: dict[str, dict[int, Outcome]] = {}
    for line in read_lines(path) if path.exists() else ():
        found.setdefault(line["agent"], {})[line["place"]] = Outcome.from_json(line)
    return found


def accuracy(outcomes: Mapping[int, Outcome], levels: Sequence[int] = ()) -> Measured | None:
    """Return the share of problems solved, of some levels or of all, in points (0 to 100), with Wilson's interval."""
    found = accuracy_of([each for each in outcomes.values() if not levels or each.level in levels])
    return Measured(100 * found.mean, 100 * found.low, 100 * found.high, 0.0, 100.0) if found.total else None


def of_source(outcomes: Mapping[int, Outcome], source: str) -> dict[int, Outcome]:
    """Return the outcomes on problems of one set, all where it is ""."""
    return {place: each for place, each in outcomes.items() if source in ("", each.source)}


def gain(after: Mapping[int, Outcome], before: Mapping[int, Outcome], levels: Sequence[int] = ()) -> Measured | None:
    """Return how many points more of the same problems are solved in `after` than in `before`, paired.

    Raises:
        ValueError: the two were asked different questions.
    """
    places = [place for place in after if place in before and (not levels or after[place].level in levels)]
    if any(after[place].question != before[place].question for place in places):
        raise ValueError("a gain is measured on the same problems; these evaluations are of different ones")
    differences = [100.0 * (after[place].correct - before[place].correct) for place in places]
    return mean_of(differences) if differences else None


def difference(after: Measured | None, before: Measured | None) -> Measured | None:
    """Return how much larger a figure of one seed is than another of it; its problems' share in that is not known."""
    return Measured(after.value - before.value) if after and before else None


def mean_of(figures: Sequence[float]) -> Measured:
    """Return the mean of the figures of at least one problem."""
    if len(figures) < 2:
        return Measured(figures[0])
    return within(fmean(figures), stdev(figures) / math.sqrt(len(figures)))


def share(value: float, count: float | None) -> Measured:
    """Return a share, with Wilson's interval where it is known of how many."""
    low, high = wilson(value, count) if count else (None, None)
    return Measured(value, low, high, least=0.0, most=1.0)


def share_within(value: float, error: float | None) -> Measured:
    """Return a share, with the normal interval of its standard error where that is known."""
    low, high = (None, None) if error is None else (max(value - Z95 * error, 0.0), min(value + Z95 * error, 1.0))
    return Measured(value, low, high, least=0.0, most=1.0)


def within(value: float, error: float) -> Measured:
    """Return a figure with the normal interval of its standard error."""
    return Measured(value, value - Z95 * error, value + Z95 * error)
