"""From outcomes to the rows of a comparison. Pure: no clock, no files, no model."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from agents.reporting.outcome import Outcome

K = TypeVar("K", int, str)

Z95 = 1.959964
"""The normal quantile of a two-sided 95 % interval."""


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
        generated_tokens: mean per problem.
        prefilled_tokens: mean per problem.
        reused_tokens: mean per problem.
        model_calls: mean per problem.
        seconds: wall seconds per problem: the whole run's, divided; searches overlap.
        wall_seconds: of the whole run of this agent, all seeds.
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
    generated_tokens: float
    prefilled_tokens: float
    reused_tokens: float
    model_calls: float
    seconds: float
    wall_seconds: float
    unanswered: int
    unknown: int
    errors: int
    seeds: tuple[int, ...]
    expected: int

    @property
    def partial(self) -> bool:
        """Whether the run was cut short."""
        return self.accuracy.total < self.expected

    def to_json(self) -> dict[str, Any]:
        """Return the row as plain values."""
        plain = ("agent", "generated_tokens", "prefilled_tokens", "reused_tokens", "model_calls", "seconds")
        counts = ("wall_seconds", "unanswered", "unknown", "errors", "expected", "partial")
        return {
            **{name: getattr(self, name) for name in (*plain, *counts)},
            "seeds": list(self.seeds),
            "accuracy": self.accuracy.to_json(),
            "by_source": {source: accuracy.to_json() for source, accuracy in self.by_source.items()},
            "by_level": {str(level): accuracy.to_json() for level, accuracy in self.by_level.items()},
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


def accuracy_of(outcomes: Sequence[Outcome]) -> Accuracy:
    """Return the share solved and its interval over problems and seeds.

    With one seed it is the Wilson interval. With several, the same problem solved twice is not two problems: the
    interval is Wilson's at the effective sample size, the n at which independent trials would vary as much as the
    problems' mean results do; it lies between the number of problems and the number of outcomes.
    """
    by_problem: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for outcome in outcomes:
        by_problem[outcome.source, outcome.id].append(outcome.correct)
    total = len(outcomes)
    solved = sum(outcome.correct for outcome in outcomes)
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


def row_of(agent: str, outcomes: Sequence[Outcome], *, wall_seconds: float, expected: int) -> Row:
    """Return one agent's row.

    Args:
        agent: the agent's label.
        outcomes: its outcomes, of all seeds; there may be none.
        wall_seconds: how long the agent worked.
        expected: how many outcomes a finished run has.
    """
    count = max(len(outcomes), 1)
    return Row(
        agent=agent,
        accuracy=accuracy_of(outcomes),
        by_source=_grouped(outcomes, lambda outcome: outcome.source),
        by_level=_grouped([each for each in outcomes if each.level], lambda outcome: outcome.level),
        generated_tokens=sum(each.generated_tokens for each in outcomes) / count,
        prefilled_tokens=sum(each.prefilled_tokens for each in outcomes) / count,
        reused_tokens=sum(each.reused_tokens for each in outcomes) / count,
        model_calls=sum(each.model_calls for each in outcomes) / count,
        seconds=wall_seconds / count,
        wall_seconds=wall_seconds,
        unanswered=sum(each.status == "no answer" for each in outcomes),
        unknown=sum(each.status == "unknown" for each in outcomes),
        errors=sum(each.status == "error" for each in outcomes),
        seeds=tuple(sorted({each.seed for each in outcomes})),
        expected=expected,
    )


def _grouped(outcomes: Iterable[Outcome], key: Callable[[Outcome], K]) -> dict[K, Accuracy]:
    groups: dict[K, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[key(outcome)].append(outcome)
    return {name: accuracy_of(groups[name]) for name in sorted(groups)}
