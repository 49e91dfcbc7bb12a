"""What `benchmarks.findings` reports: from outcomes and metrics on disk to findings, each met or not."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agents.reporting.outcome import Outcome
from benchmarks._runs import GREEDY, TEST, TRANSFER, Seed, figure_of
from benchmarks._seeds import Cell, Measured, accuracy, estimate, gain, mean_of, of_source, within
from benchmarks._signs import LEVELS, signs_of_failure

SBS1, SBS3, MCTS = "SBS(1,5)", "SBS(3,5)", "MCTS(40)"
BESIDE = ("maj@5", "best-of-5")
"""Agents that are reported, of which nothing is asked."""
SEARCHES = (SBS1, SBS3, MCTS)
ANY = "any of its answers"


@dataclass(frozen=True)
class Finding:
    """One thing that must hold.

    Attributes:
        number: of the finding in the list of those that must hold.
        what: what was measured.
        found: the figure over seeds, None where it could not be measured.
        target: the least it must be; 0 asks for more than 0, and without one it is reported only.
    """

    number: int
    what: str
    found: Cell
    target: float | None = None

    @property
    def verdict(self) -> str:
        """Whether the target is met, and whether its interval keeps clear of the target."""
        if self.found is None:
            return "not measured"
        if self.target is None:
            return "reported"
        if self.found.mean < self.target or self.found.mean <= 0:
            return "not met"
        low = self.found.low
        clear = low is not None and (low > 0 if self.target == 0 else low >= self.target)
        return "met" if clear else "met in the mean, not beyond doubt"

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        found = self.found.to_json() if self.found else {"mean": None}
        return {"finding": self.number, "what": self.what, **found, "target": self.target, "verdict": self.verdict}


@dataclass(frozen=True)
class Report:
    """What all seeds that are done amount to.

    Attributes:
        seeds: names of their directories.
        last: the last round that all of them have.
        findings: what must hold.
        signatures: signs of failure that show, each with what it points to.
        greedy: set, or source or level of the test set -> accuracy by round, from 0.
        agents: agent -> set, source of the test set, `ANY` or cost -> figure with the last round's model.
        gains: agent -> set, or source of the test set -> points over greedy decoding with the last round's model.
        loop: figure of the loop -> by round, from 1.
        value: figure of V on paths of the test problems, with the last round's model.
    """

    seeds: Sequence[str]
    last: int
    findings: Sequence[Finding]
    signatures: Sequence[str]
    greedy: dict[str, list[Cell]]
    agents: dict[str, dict[str, Cell]]
    gains: dict[str, dict[str, Cell]]
    loop: dict[str, list[Cell]]
    value: dict[str, Cell]


def report_of(seeds: Sequence[Seed]) -> Report:
    """Return the report on seeds, at least one, of equally many rounds."""
    last = seeds[0].rounds
    names = [seed.folder.name for seed in seeds]
    findings, signs = list(_findings(seeds, last)), list(signs_of_failure(seeds, last, searches=SEARCHES))
    tables = (_greedy(seeds, last), _agents(seeds, last), _gains(seeds, last), _loop(seeds, last), _value(seeds))
    return Report(names, last, findings, signs, *tables)


def _findings(seeds: Sequence[Seed], last: int) -> Iterator[Finding]:
    """Yield what must hold, measured; accuracies and gains in points, all else as shares."""

    def rounds(problems: str) -> Cell:
        return estimate(gain(seed.of(problems, last), seed.of(problems, 0)) for seed in seeds)

    def search(problems: str, agent: str, than: str = GREEDY) -> Cell:
        return estimate(gain(seed.of(problems, last, agent), seed.of(problems, last, than)) for seed in seeds)

    yield Finding(1, f"greedy, round {last} over round 0", rounds(TEST), 20.0)
    yield Finding(1, "gain of round 1 over the largest later one", estimate(_first(each, last) for each in seeds), 0.0)
    for agent, target in ((SBS1, 9.0), (SBS3, 12.0), (MCTS, 10.0), *((other, None) for other in BESIDE)):
        yield Finding(2, f"{agent} over greedy", search(TEST, agent), target)
    yield Finding(3, f"{TRANSFER}: greedy, round {last} over round 0", rounds(TRANSFER), 0.0)
    for agent in SEARCHES:
        yield Finding(3, f"{TRANSFER}: {agent} over greedy", search(TRANSFER, agent), 0.0)
    yield Finding(3, f"{TRANSFER}: {SBS3} over {SBS1}", search(TRANSFER, SBS3, SBS1), 0.0)
    for number in range(2, last + 1):
        what = f"training problems solved in any tree, round {number} over round {number - 1}, %"
        yield Finding(4, what, estimate(_more_solved(seed, number) for seed in seeds), 0.0)
    pairs = estimate(figure_of(seed.value, "pair_accuracy") for seed in seeds)
    yield Finding(5, "V ranks right over wrong final steps of the same test problem, share", pairs, 0.85)


def _first(seed: Seed, last: int) -> Measured | None:
    gains = [gain(seed.of(TEST, number), seed.of(TEST, number - 1)) for number in range(1, last + 1)]
    known = [each.value for each in gains if each is not None]
    return Measured(known[0] - max(known[1:])) if len(known) > 1 else None


def _more_solved(seed: Seed, number: int) -> Measured | None:
    shares = [seed.metric(each, "data", "solved_share") for each in (number - 1, number)]
    problems = seed.metric(number, "data", "problems")
    before, after = (share.value if share else math.nan for share in shares)
    if problems is None or math.isnan(before + after):
        return None
    error = math.sqrt((before * (1 - before) + after * (1 - after)) / problems.value)  # at most
    return within(100 * (after - before), 100 * error)


def _greedy(seeds: Sequence[Seed], last: int) -> dict[str, list[Cell]]:
    def row(problems: str, levels: Sequence[int] = (), source: str = "") -> list[Cell]:
        numbers = range(last + 1)
        return [estimate(accuracy(of_source(s.of(problems, k), source), levels) for s in seeds) for k in numbers]

    by_source = {f"{TEST}, {source}": row(TEST, source=source) for source in _sources(seeds, last)}
    by_level = {f"{TEST}, level {level}": row(TEST, (level,)) for level in LEVELS}
    return {TEST: row(TEST), TRANSFER: row(TRANSFER)} | by_source | by_level


def _sources(seeds: Sequence[Seed], last: int) -> list[str]:
    """Return the names of the sets that the test problems are from, sorted; none where it is one only."""
    found = {outcome.source for seed in seeds for outcome in seed.of(TEST, last).values()}
    return sorted(found) if len(found) > 1 else []


def _agents(seeds: Sequence[Seed], last: int) -> dict[str, dict[str, Cell]]:
    names = dict.fromkeys(name for seed in seeds for name in seed.outcomes[TEST, last])
    return {
        agent: {s: estimate(accuracy(seed.of(s, last, agent)) for seed in seeds) for s in (TEST, TRANSFER)}
        | {
            source: estimate(accuracy(of_source(seed.of(TEST, last, agent), source)) for seed in seeds)
            for source in _sources(seeds, last)
        }
        | {ANY: estimate(_any_of(seed.of(TEST, last, agent)) for seed in seeds)}
        | {
            what: estimate(_spent(seed.of(TEST, last, agent), what) for seed in seeds)
            for what in ("generated_tokens", "model_seconds")
        }
        for agent in names
    }


def _gains(seeds: Sequence[Seed], last: int) -> dict[str, dict[str, Cell]]:
    names = dict.fromkeys(name for seed in seeds for name in seed.outcomes[TEST, last] if name != GREEDY)
    places = [(TEST, ""), (TRANSFER, ""), *((TEST, source) for source in _sources(seeds, last))]
    return {
        agent: {
            source or name: estimate(
                gain(of_source(seed.of(name, last, agent), source), of_source(seed.of(name, last), source))
                for seed in seeds
            )
            for name, source in places
        }
        for agent in names
    }


def _any_of(outcomes: dict[int, Outcome]) -> Measured | None:
    found = [100.0 * outcome.any_correct for outcome in outcomes.values()]
    return replace(mean_of(found), least=0.0, most=100.0) if found else None


def _spent(outcomes: dict[int, Outcome], what: str) -> Measured | None:
    spent = [float(getattr(outcome, what)) for outcome in outcomes.values()]
    return replace(mean_of(spent), least=0.0) if spent else None


def _loop(seeds: Sequence[Seed], last: int) -> dict[str, list[Cell]]:
    data = ("solved_share", "right_paths", "wrong_paths", "mean_q_right", "mean_q_wrong", "suspect_keys")
    told = [name for seed in seeds for name in seed.metrics.get(last, {}).get("value", {})]
    names = [("data", name) for name in data] + [("value", name) for name in _of_value(told)]
    return {
        f"{group}/{name}": [estimate(s.metric(number, group, name) for s in seeds) for number in range(1, last + 1)]
        for group, name in names
    }


def _value(seeds: Sequence[Seed]) -> dict[str, Cell]:
    told = _of_value([name for seed in seeds for name in seed.value])
    return {name: estimate(figure_of(seed.value, name) for seed in seeds) for name in told}


def _of_value(told: Sequence[str]) -> list[str]:
    """Return the names of what is reported of V, those of single sets last."""
    names = ("mse", "auc", "auc_before_end", "pair_accuracy", "likelihood_pair_accuracy", "sibling_accuracy")
    return [*names, *(name for name in dict.fromkeys(told) if name.partition("/")[0] in names and "/" in name)]
