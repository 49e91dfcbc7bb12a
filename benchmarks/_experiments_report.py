"""The report of one experiment: table, JSON and picture, from what its runs left on disk."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.reporting.files import write_bytes, write_json
from benchmarks._findings_text import table, text
from benchmarks._pictures import draw_bars, draw_groups, draw_line, new_figure, save, save_q
from benchmarks._runs import TEST, TRANSFER, Seed
from benchmarks._seeds import Cell, accuracy, difference, estimate, gain, of_source
from benchmarks._signs import LEVELS, signs_of_failure

LEARNED = ("data/solved_share", "data/right_paths", "data/mean_q_right", "data/mean_q_wrong")
VALUE = ("value/mse", "value/auc", "value/pair_accuracy", "value/sibling_accuracy")

GAIN, OVER = ", gain", " over"

Runs = Mapping[str, Sequence[Seed]]
"""Variant -> its seeds that are done."""

Figures = Mapping[str, Mapping[str, Cell]]
"""Variant -> name of a figure -> the figure."""


@dataclass(frozen=True)
class Place:
    """Where a variant's runs are, and what counts there.

    Attributes:
        variant: its name.
        folder: directory of its runs, seed by seed.
        rounds: rounds that count; a run may have more.
        agents: labels of the agents that count; there may be more.
        values: directory of the runs whose models give the values, where these are others.
    """

    variant: str
    folder: Path
    rounds: int
    agents: Sequence[str]
    values: Path | None = None


def write_report(run_dir: Path, name: str, question: str, places: Sequence[Place]) -> str:
    """Write NAME.md, NAME.json, NAME.png and NAME-q.png; return the text.

    Args:
        run_dir: where they go.
        name: of the experiment.
        question: what it asks.
        places: the variants; the first one is what the others are compared with.

    Raises:
        ValueError: a variant has no seed that is done.
    """
    runs = {place.variant: list(_done(place)) for place in places}
    for place in places:
        if not runs[place.variant]:
            raise ValueError(f"no seed of {place.variant!r} is done in {place.folder}")
    content = figures_of(runs, places[0])
    shown = {variant: [seed.folder.name for seed in seeds] for variant, seeds in runs.items()}
    write_json(run_dir / f"{name}.json", {"question": question, "seeds": shown, "figures": _plain(content)})
    _draw(run_dir / f"{name}.png", question, runs, content, places[0])
    first = next(iter(runs.values()))[0]
    save_q(run_dir / f"{name}-q.png", first.folder, places[0].rounds)
    report = _text(name, question, runs, content, places[0])
    write_bytes(run_dir / f"{name}.md", report.encode())
    return report


def _done(place: Place) -> Iterable[Seed]:
    """Yield the seeds whose rounds have been evaluated with all agents."""
    for path in sorted(place.folder.glob("seed-*")):
        seed = Seed(path, place.rounds, place.values / path.name if place.values else None)
        counts = [
            {len(seed.of(problems, number, agent)) for agent in place.agents}
            for problems in (TEST, TRANSFER)
            for number in range(1, place.rounds + 1)
        ]
        if all(len(each) == 1 and 0 not in each for each in counts):
            yield seed


def figures_of(runs: Runs, like: Place) -> Figures:
    """Return variant -> figure of the last round -> estimate over its seeds; accuracies in points.

    Beside each figure of the loop, paired by seed, and beside each accuracy, of all test problems and of each set of
    them, paired by seed and problem, stands its gain over the first variant's; then, for every round, what the searches
    gain over greedy and the round over the one before.

    Args:
        runs: the seeds of each variant, at least one.
        like: whose rounds and agents count.
    """
    first = next(iter(runs))
    return {
        variant: dict(_figures(seeds, runs[first] if variant != first else (), like)) for variant, seeds in runs.items()
    }


def _figures(seeds: Sequence[Seed], base: Sequence[Seed], like: Place) -> Iterable[tuple[str, Cell]]:
    last = like.rounds
    pairs = [(seed, other) for seed in seeds for other in base if seed.folder.name == other.folder.name]
    for name in (*LEARNED, *VALUE):
        group, _, figure = name.partition("/")
        yield name, estimate(seed.metric(last, group, figure) for seed in seeds)
        if base:
            both = [(seed.metric(last, group, figure), other.metric(last, group, figure)) for seed, other in pairs]
            yield f"{name}{GAIN}", estimate(difference(*each) for each in both)
    sources = sorted({each.source for each in seeds[0].of(TEST, last).values()})
    parts = [(TEST, ""), (TRANSFER, ""), *((TEST, source) for source in sources if len(sources) > 1)]
    for (problems, source), agent in itertools.product(parts, like.agents):
        name = f"{source or problems}/{agent}"
        solved = {seed.folder: of_source(seed.of(problems, last, agent), source) for seed in (*seeds, *base)}
        yield name, estimate(accuracy(solved[seed.folder]) for seed in seeds)
        if base:
            yield f"{name}{GAIN}", estimate(gain(solved[seed.folder], solved[other.folder]) for seed, other in pairs)
    for problems, agent, number in itertools.product((TEST, TRANSFER), like.agents, range(1, last + 1)):
        name = f"{problems}/{agent}" if number == last else f"{problems}/{agent}, round {number}"
        found = [seed.of(problems, number, agent) for seed in seeds]
        if agent != "greedy":
            greedy = (seed.of(problems, number) for seed in seeds)
            yield f"{name}{OVER} greedy", estimate(map(gain, found, greedy))
        if number > 1:
            before = (seed.of(problems, number - 1, agent) for seed in seeds)
            yield f"{name}{OVER} round {number - 1}", estimate(map(gain, found, before))


def significant(content: Figures) -> list[str]:
    """Return the gains whose interval leaves 0 out."""
    return [
        f"{variant}: {name}: {cell.text(_digits(name), sign='+')}"
        for variant, row in content.items()
        for name, cell in row.items()
        if (name.endswith(GAIN) or f"{OVER} " in name) and cell and cell.low is not None and cell.high is not None
        if cell.low > 0 or cell.high < 0
    ]


def _plain(content: Figures) -> dict[str, Any]:
    return {
        variant: {name: cell.to_json() if cell else None for name, cell in row.items()}
        for variant, row in content.items()
    }


def _text(name: str, question: str, runs: Runs, content: Figures, like: Place) -> str:
    names = list(dict.fromkeys(figure for row in content.values() for figure in row))
    lines = [[figure, *(text(row.get(figure), _digits(figure)) for row in content.values())] for figure in names]
    counts = ", ".join(f"{variant}: {len(seeds)}" for variant, seeds in runs.items())
    how = f"Figures of round {like.rounds}, means over seeds ({counts}) with 95 % intervals; accuracies in points."
    parts = [
        f"# {name}",
        f"{question} {how}",
        table(["", *content], lines),
        "What is significant at 95 %, each figure by itself:",
        "\n".join(f"- {each}" for each in significant(content)) or "Nothing.",
        "Signs of failure, as the findings look for them:",
        "\n".join(f"- {each}" for each in _signs(runs, like)) or "None.",
        "Accuracy by level, the first agent and the last, %:",
        table(["", *(f"level {level}" for level in LEVELS)], list(_by_level(runs, like))),
    ]
    return "\n\n".join(parts) + "\n"


def _digits(figure: str) -> int:
    return 3 if figure.removesuffix(GAIN) in (*LEARNED, *VALUE) else 1


def _signs(runs: Runs, like: Place) -> Iterable[str]:
    searches = [agent for agent in like.agents if agent != "greedy"]
    for variant, seeds in runs.items():
        for sign in signs_of_failure(seeds, like.rounds, first=1, searches=searches):
            yield f"{variant}: {sign}"


def _by_level(runs: Runs, like: Place) -> Iterable[list[str]]:
    agents = dict.fromkeys((like.agents[0], like.agents[-1]))
    for (variant, seeds), problems, agent in itertools.product(runs.items(), (TEST, TRANSFER), agents):
        solved = [seed.of(problems, like.rounds, agent) for seed in seeds]
        row = [estimate(accuracy(each, (level,)) for each in solved) for level in LEVELS]
        yield [f"{variant}, {problems}, {agent}", *map(text, row)]


def _draw(path: Path, question: str, runs: Runs, content: Figures, like: Place) -> None:
    figure, panels = new_figure(4, width=18)
    figure.suptitle(question)
    _draw_change(panels[0], runs, content, like)
    draw_groups(panels[1], {name: {a: row[f"{TEST}/{a}"] for a in like.agents} for name, row in content.items()})
    panels[1].set(title=f"test problems solved, round {like.rounds} (%)")
    for panel, name in zip(panels[2:], ("data/solved_share", "value/pair_accuracy"), strict=True):
        draw_bars(panel, {variant: row[name] for variant, row in content.items()})
    panels[2].set(title="training problems solved in any tree")
    panels[3].set(title="V ranks right over wrong, same problem", ylim=(0.5, 1.0))
    save(figure, path)


def _draw_change(panel: Any, runs: Runs, content: Figures, like: Place) -> None:
    """Draw what changes: from round to round, else from the first variant to the others, else from greedy to search."""
    first, *others = runs
    if like.rounds > 1:
        for (variant, seeds), agent in itertools.product(runs.items(), like.agents[: 1 if others else 2]):
            row = [estimate(accuracy(s.of(TEST, k, agent)) for s in seeds) for k in range(1, like.rounds + 1)]
            draw_line(panel, row, f"{variant}, {agent}", first=1)
        panel.set(title="test problems solved by round (%)", xlabel="round")
        panel.legend(fontsize="small")
    elif others:
        draw_groups(panel, {name: {a: content[name][f"{TEST}/{a}{GAIN}"] for a in like.agents} for name in others})
        panel.set(title=f"points over {first}, same problems")
    else:
        searches = [agent for agent in like.agents if agent != "greedy"]
        draw_bars(panel, {agent: content[first][f"{TEST}/{agent}{OVER} greedy"] for agent in searches})
        panel.set(title="points over greedy, same problems")
