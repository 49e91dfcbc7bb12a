"""From outcomes to the rows of a comparison. Pure: no clock, no files, no model."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, TypeVar

from agents.base import Cost
from agents.reporting.outcome import Outcome

K = TypeVar("K", int, str)

Z95 = 1.959964
"""The normal quantile of a two-sided 95 % interval."""

SPENT = tuple(each.name for each in fields(Cost) if each.name != "seconds")
"""What outcomes say that they cost and that adds up over problems; the wall time of searches overlaps."""

_correct, _any_correct = attrgetter("correct"), attrgetter("any_correct")
_source, _level = attrgetter("source"), attrgetter("level")


@dataclass(frozen=True, slots=True)
class Accuracy:
    """A share of problems solved, with its 95 % interval; all in [0, 1].

    Attributes:
        solved: number of outcomes that are correct.
        total: number of outcomes.
        mean: solved / total; 0 of none.
        low: lower end of the interval.
        high: upper end of the interval.
    """

    solved: int
    total: int
    mean: float
    low: float
    high: float

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain values."""
        return {name: getattr(self, name) for name in ("solved", "total", "mean", "low", "high")}


@dataclass(frozen=True, slots=True)
class Row:
    """One agent's row.

    Attributes:
        agent: the agent's label.
        accuracy: over all outcomes.
        by_source: accuracy by source of the problems.
        by_level: accuracy by level, without the problems of unknown level.
        any_of: any-of-N (pass@N, the choice of an oracle): the share of outcomes in which any of the N final answers
            that the agent found is right, whichever it chose; None where only the chosen ones were graded.
        any_by_source: any-of-N by source; empty where it is not known, as the next.
        any_by_level: any-of-N by level.
        answers: N, final answers found per problem (mean).
        spent: what the whole run cost, by the names of `SPENT` (as in `agents.base.Cost`); wall times of code and
            grading overlap with the rest.
        wall_seconds: of the whole run of this agent, all seeds.
        mean_rows: rows decoded together, mean over the model's passes; None where the engine does not say.
        unanswered: outcomes without an answer.
        unknown: answers that grading could not decide; counted as not solved.
        errors: searches that broke; counted as not solved.
        seeds: seeds that were run.
        expected: outcomes that a finished run has.
    """

    agent: str
    accuracy: Accuracy
    by_source: Mapping[str, Accuracy]
    by_level: Mapping[int, Accuracy]
    any_of: Accuracy | None
    any_by_source: Mapping[str, Accuracy]
    any_by_level: Mapping[int, Accuracy]
    answers: float
    spent: Mapping[str, float]
    wall_seconds: float
    mean_rows: float | None
    unanswered: int
    unknown: int
    errors: int
    seeds: tuple[int, ...]
    expected: int

    @property
    def partial(self) -> bool:
        """Whether the run was cut short."""
        return self.accuracy.total < self.expected

    @property
    def per_problem(self) -> dict[str, float]:
        """What was spent per problem (mean), and the wall `seconds` of the whole run, divided: searches overlap."""
        count = max(self.accuracy.total, 1)
        return {name: total / count for name, total in (*self.spent.items(), ("seconds", self.wall_seconds))}

    def to_json(self) -> dict[str, Any]:
        """Return the row as plain values; costs are per problem, those of the whole run stand under ``run``."""
        groups = ("by_source", "by_level", "any_by_source", "any_by_level")
        counts = ("unanswered", "unknown", "errors", "expected", "partial")
        return {
            "agent": self.agent,
            "answers": self.answers,
            **self.per_problem,
            "mean_rows": self.mean_rows,
            "run": {**self.spent, "wall_seconds": self.wall_seconds},
            **{name: getattr(self, name) for name in counts},
            "seeds": list(self.seeds),
            "accuracy": self.accuracy.to_json(),
            "any_of": self.any_of.to_json() if self.any_of is not None else None,
            **{name: _plain(getattr(self, name)) for name in groups},
        }


def wilson(mean: float, n: float) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a share `mean` in [0, 1] of `n` trials (need not be whole).

    Unlike the normal interval it stays inside [0, 1] and is not empty at 0 and 1. Without trials it is (0, 1).
    """
    if n <= 0:
        return 0.0, 1.0
    z2 = Z95 * Z95
    centre = (mean + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(mean * (1 - mean) / n + z2 / (4 * n * n))
    return 0.0 if mean == 0 else max(0.0, centre - half), 1.0 if mean == 1 else min(1.0, centre + half)


def accuracy_of(outcomes: Sequence[Outcome], right: Callable[[Outcome], bool] = _correct) -> Accuracy:
    """Return the share solved, or of another verdict `right`, and its interval over problems and seeds.

    With one seed it is the Wilson interval. With several, the same problem solved twice is not two problems: the
    interval is Wilson's at the effective sample size, the n at which independent trials would vary as much as the
    problems' mean results do; it lies between the number of problems and the number of outcomes.
    """
    by_problem: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for outcome in outcomes:
        by_problem[outcome.source, outcome.id].append(right(outcome))
    total = len(outcomes)
    solved = sum(map(right, outcomes))
    mean = solved / total if total else 0.0
    low, high = wilson(mean, effective_size(list(by_problem.values())))
    return Accuracy(solved, total, mean, low, high)


def effective_size(clusters: Sequence[Sequence[bool]]) -> float:
    """Return the effective sample size of repeated trials, one sequence a problem (Kish's design effect).

    n_eff = m (1 - m) / var, with var = sum_i (s_i - m t_i)^2 / T^2: problem i solved s_i of t_i times, T = sum t_i.
    """
    total = sum(map(len, clusters))
    if total in (0, len(clusters)):
        return total
    mean = sum(map(sum, clusters)) / total
    if mean in (0.0, 1.0):
        return len(clusters)
    variance = sum((sum(cluster) - mean * len(cluster)) ** 2 for cluster in clusters) / total**2
    return min(max(mean * (1 - mean) / variance, len(clusters)), total) if variance else total


def row_of(
    agent: str, outcomes: Sequence[Outcome], *, wall_seconds: float, expected: int, mean_rows: float | None = None
) -> Row:
    """Return one agent's row.

    Args:
        agent: the agent's label.
        outcomes: its outcomes, of all seeds; there may be none.
        wall_seconds: how long the agent worked.
        expected: how many outcomes a finished run has.
        mean_rows: rows that the engine decoded together, mean over its passes.
    """
    levelled = [each for each in outcomes if each.level]
    graded = any(each.right_answers is not None for each in outcomes)
    return Row(
        agent=agent,
        accuracy=accuracy_of(outcomes),
        by_source=_grouped(outcomes, _source, _correct),
        by_level=_grouped(levelled, _level, _correct),
        any_of=accuracy_of(outcomes, _any_correct) if graded else None,
        any_by_source=_grouped(outcomes, _source, _any_correct) if graded else {},
        any_by_level=_grouped(levelled, _level, _any_correct) if graded else {},
        answers=sum(each.answers for each in outcomes) / max(len(outcomes), 1),
        spent={name: sum(getattr(each, name) for each in outcomes) for name in SPENT},
        wall_seconds=wall_seconds,
        mean_rows=mean_rows,
        unanswered=sum(each.status == "no answer" for each in outcomes),
        unknown=sum(each.status == "unknown" for each in outcomes),
        errors=sum(each.status == "error" for each in outcomes),
        seeds=tuple(sorted({each.seed for each in outcomes})),
        expected=expected,
    )


def _grouped(
    outcomes: Iterable[Outcome], key: Callable[[Outcome], K], right: Callable[[Outcome], bool]
) -> dict[K, Accuracy]:
    groups: dict[K, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[key(outcome)].append(outcome)
    return {name: accuracy_of(groups[name], right) for name in sorted(groups)}


def _plain(groups: Mapping[Any, Accuracy]) -> dict[str, Any]:
    return {str(name): accuracy.to_json() for name, accuracy in groups.items()}
