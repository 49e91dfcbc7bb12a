"""Signs of failure of the loop, as the paper's summary names them, each with what it points to."""

from collections.abc import Iterator, Sequence

from benchmarks._runs import GREEDY, TEST, TRANSFER, Seed
from benchmarks._seeds import Estimate, estimate, gain

LEVELS = (1, 2, 3, 4, 5)
DOUBT = " (not beyond doubt)"
UNEVEN = 25.0  # points between the largest and the smallest gain of a level


def signs_of_failure(seeds: Sequence[Seed], last: int, *, first: int = 0, searches: Sequence[str]) -> Iterator[str]:
    """Yield the signs that show, each with what it points to.

    Args:
        seeds: the seeds, at least one.
        last: the round that is looked at.
        first: the round over which the gains of the levels are taken.
        searches: the agents that must not fall below greedy decoding on problems of another kind.
    """
    for number in range(2, last + 1):
        change = estimate(gain(seed.of(TEST, number), seed.of(TEST, number - 1), (4, 5)) for seed in seeds)
        if change and change.mean < 0:
            yield f"harder levels (4, 5) fall in round {number}: {_fall(change)}: too little exploration"
    gains = {
        level: found
        for level in LEVELS
        if (found := estimate(gain(seed.of(TEST, last), seed.of(TEST, first), (level,)) for seed in seeds))
    }
    means = [found.mean for found in gains.values()]
    if means and max(means) - min(means) > UNEVEN:
        shown = ", ".join(f"level {level} {found.text(sign='+')}" for level, found in gains.items())
        lows = [found.low for found in gains.values() if found.low is not None]
        highs = [found.high for found in gains.values() if found.high is not None]
        apart = lows and highs and max(lows) > min(highs)
        yield f"uneven gains over levels: {shown}{'' if apart else DOUBT}: overfitting"
    for agent in searches:
        change = estimate(gain(seed.of(TRANSFER, last, agent), seed.of(TRANSFER, last, GREEDY)) for seed in seeds)
        if change and change.mean < 0:
            yield f"{agent} falls below greedy on {TRANSFER}: {_fall(change)}: the value model"


def _fall(change: Estimate) -> str:
    return change.text(sign="+") + ("" if change.high is not None and change.high < 0 else DOUBT)
