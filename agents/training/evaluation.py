"""How good a round's model is: agents on held-out problems, and the value model on held-out paths."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from agents.commands.evaluation import graded
from agents.inference.base import derive_seed
from agents.model import PolicyValueModel
from agents.model.policy_value import path_likelihood, predicting
from agents.reporting.comparison import Row, row_of
from agents.reporting.files import open_lines, read_lines, write_line
from agents.reporting.outcome import Outcome
from agents.search.agent import SearchAgent
from agents.training.records import Record
from agents.training.trainer import Collator, example_of
from agents.training.workers import Send
from amz_env.problems.base import Problem

_BATCH = 32  # paths in memory at once


@dataclass(frozen=True, slots=True)
class Task:
    """One search of an evaluation.

    Attributes:
        agent: place of the agent among those that are evaluated.
        place: place of the problem.
        problem: the problem; its answer only grades.
    """

    agent: int
    place: int
    problem: Problem


def evaluate_agents(
    agents: Sequence[str],
    problems: Sequence[Problem],
    path: Path,
    *,
    solve: Callable[[Sequence[Task], Send], None],
    show: Callable[[int, int], AbstractContextManager[Callable[[int], None]]],
) -> dict[str, Any]:
    """Solve held-out problems with several agents.

    Args:
        agents: their names.
        problems: what they solve; the answers only grade.
        path: JSON lines of outcomes, appended as each search ends; what is there is not solved again.
        solve: does tasks, as `solve_tasks` does.
        show: shows the progress, given the outcomes in all and those done before; see `agents.training.progress.stage`.

    Returns:
        Agent's name -> its row of a comparison: accuracy with a 95 % interval, by source and level, tokens.

    Raises:
        ValueError: the file holds outcomes of other problems.
    """
    with open_lines(path) as file:  # cuts a torn last line off, so that what counts as done is in the file
        done = _done(path, problems)
        tasks = [
            Task(number, place, problem)
            for number, agent in enumerate(agents)
            for place, problem in enumerate(problems)
            if (agent, place) not in done
        ]
        total = len(agents) * len(problems)
        with show(total, total - len(tasks)) as advance:

            def record(line: dict[str, Any]) -> None:
                done[line["agent"], line["place"]] = Outcome.from_json(line)
                write_line(file, line)
                advance(1)

            if tasks:
                solve(tasks, record)
    return {
        agent: row_of_outcomes([done[agent, place] for place in range(len(problems))]).to_json() for agent in agents
    }


def _done(path: Path, problems: Sequence[Problem]) -> dict[tuple[str, int], Outcome]:
    done = {}
    for line in read_lines(path):
        place, outcome = line["place"], Outcome.from_json(line)
        if place >= len(problems) or outcome.question != problems[place].question:
            raise ValueError(f"{path} holds outcomes of other problems; give the sizes it was begun with, or remove it")
        done[line["agent"], place] = outcome
    return done


def row_of_outcomes(outcomes: Sequence[Outcome]) -> Row:
    """Return the row of a comparison of one agent's outcomes, at least one."""
    busy = sum(each.model_seconds + each.code_seconds for each in outcomes)  # searches overlap: these add up
    return row_of(outcomes[0].agent, outcomes, wall_seconds=busy, expected=len(outcomes))


def solve_tasks(agents: Sequence[SearchAgent], seed: int, concurrency: int, tasks: Sequence[Task], send: Send) -> None:
    """Do tasks in this process, so many at a time, and hand each outcome over as a line of JSON with its place.

    Cheap and costly agents take turns, so that what is done tells how long the rest will take.
    """
    asyncio.run(_solve(agents, seed, concurrency, tasks, send))


async def _solve(agents: Sequence[SearchAgent], seed: int, concurrency: int, tasks: Sequence[Task], send: Send) -> None:
    gate = asyncio.Semaphore(concurrency)

    async def one(task: Task) -> None:
        async with gate:
            agent, seed_of_task = agents[task.agent], derive_seed("evaluation", seed, task.place)
            [solution] = await agent.solve_async([task.problem.question], seed=seed_of_task)
            # A hard answer takes seconds to grade, and the other searches must not wait.
            outcome = await asyncio.to_thread(graded, agent.name, seed, task.problem, solution)
            send(outcome.to_json() | {"place": task.place})

    async with asyncio.TaskGroup() as group:
        for task in sorted(tasks, key=lambda task: derive_seed("turn", task.agent, task.place)):
            group.create_task(one(task))


def value_quality(
    model: PolicyValueModel, records: Sequence[Record], sets: Sequence[str] = ()
) -> dict[str, float | int | None]:
    """Return how well a model's V tells right from wrong on paths it was not trained on; see `quality_of`.

    Beside it, as ``likelihood_pair_accuracy``, how well its policy does: the same pairs by the likelihood of the path.

    Args:
        model: the model.
        records: the paths.
        sets: the problem set of each record. Where there are several, ``pair_accuracy/NAME`` and so on say the same of
            each.
    """
    values, likelihoods = read_paths(model, records)
    found = quality_of(values, records)
    found |= _ranked("likelihood_pair", _by_problem(likelihoods, records))
    for name in sorted(set(sets)) if len(set(sets)) > 1 else ():
        mine = [place for place, each in enumerate(sets) if each == name]
        rows = [records[place] for place in mine]
        pairs = _by_problem([values[place][-1] for place in mine], rows)
        likely = _by_problem([likelihoods[place] for place in mine], rows)
        told = _ranked("pair", pairs) | {"pairs": _count(pairs)} | _ranked("likelihood_pair", likely)
        found |= {f"{figure}/{name}": value for figure, value in told.items()}
    return found


def quality_of(values: Sequence[Sequence[float]], records: Sequence[Record]) -> dict[str, float | int | None]:
    """Return how well values tell right from wrong.

    Args:
        values: V at the end of every step of every record.
        records: the paths.

    Returns:
        ``mse`` over all steps against their targets, Q or expected outcomes; ``auc`` of the final steps, right against
        wrong over all problems; ``pair_accuracy``, the share of right-wrong pairs of final steps *of one problem* in
        which V is higher at the right one (a tie counts half), over ``pairs``; ``auc_before_end`` of the steps before
        the last; ``sibling_accuracy``, the same share among continuations *of one state*, good ones (target above 0)
        against bad ones (below 0), over ``sibling_pairs``. None where there is nothing to compare. ``pair_error`` and
        ``sibling_error`` are their standard errors: pairs of one problem, or one state, are not independent of each
        other.
    """
    errors = [
        (value - target) ** 2
        for row, record in zip(values, records, strict=True)
        for value, target in zip(row, record.targets, strict=True)
    ]
    final: tuple[list[float], list[float]] = ([], [])
    before: tuple[list[float], list[float]] = ([], [])
    for row, record in zip(values, records, strict=True):
        final[record.right].append(row[-1])
        before[record.right].extend(row[:-1])
    pairs = _by_problem([row[-1] for row in values], records)
    siblings = [_wins(bad, good) for bad, good in _continuations(values, records)]
    return {
        "paths": len(records),
        "mse": sum(errors) / len(errors) if errors else None,
        "auc": _share(*_wins(*final)),
        "auc_before_end": _share(*_wins(*before)),
        **_ranked("pair", pairs),
        "pairs": _count(pairs),
        **_ranked("sibling", siblings),
        "sibling_pairs": _count(siblings),
    }


def _by_problem(scores: Sequence[float], records: Sequence[Record]) -> list[tuple[float, int]]:
    """Return of each problem in how many right-wrong pairs the right path scores higher, and how many there are."""
    found: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for score, record in zip(scores, records, strict=True):
        found[record.problem][record.right].append(score)
    return [_wins(wrong, right) for wrong, right in found.values()]


def _ranked(name: str, groups: Sequence[tuple[float, int]]) -> dict[str, float | None]:
    """Return the share of pairs in which the right one is higher, and its standard error over groups of pairs."""
    share, found = _share(sum(won for won, _ in groups), _count(groups)), [each for each in groups if each[1]]
    error = None
    if share is not None and len(found) > 1:
        off = sum((won - share * total) ** 2 for won, total in found)
        error = (off * len(found) / (len(found) - 1)) ** 0.5 / _count(found)
    return {f"{name}_accuracy": share, f"{name}_error": error}


def _count(groups: Sequence[tuple[float, int]]) -> int:
    return sum(total for _, total in groups)


def _continuations(
    values: Sequence[Sequence[float]], records: Sequence[Record]
) -> Iterable[tuple[list[float], list[float]]]:
    """Return V of the bad (Q < 0) and of the good (Q > 0) steps from each state; one of several paths counts once."""
    steps: dict[tuple[str, tuple[int, ...]], dict[tuple[int, ...], tuple[float, float]]] = defaultdict(dict)
    for row, record in zip(values, records, strict=True):
        for value, target, (start, _), end in zip(row, record.targets, record.sampled, record.ends, strict=True):
            before, after = record.token_ids[:start], record.token_ids[: end + 1]
            steps[record.problem, before][after] = (value, target)
    for found in steps.values():
        yield [v for v, q in found.values() if q < 0], [v for v, q in found.values() if q > 0]


@torch.inference_mode()
def read_paths(model: PolicyValueModel, records: Sequence[Record]) -> tuple[list[list[float]], list[float]]:
    """Return V at the end of every step of every record, and log pi, in nats, of all that the policy wrote in it."""
    values, likelihoods = list[list[float]](), list[float]()
    for rows, batch in _padded(model, records):
        ids, sampled = batch["input_ids"], batch["sampled"]
        wanted = predicting(sampled)
        logits, found, _ = model(
            ids, wanted=wanted, sampled=sampled if model.reads_likelihood else None, use_cache=False
        )
        values += [[float(found[at, end]) for end in row.ends] for at, row in enumerate(rows)]
        likelihoods += path_likelihood(logits, ids, sampled, wanted)[:, -1].tolist()
    return values, likelihoods


def _padded(model: PolicyValueModel, records: Sequence[Record]) -> Iterator[tuple[Sequence[Record], dict[str, Tensor]]]:
    collate = Collator(model.tokenizer.pad_token_id or 0)
    for start in range(0, len(records), _BATCH):
        rows = records[start : start + _BATCH]
        batch = collate([example_of(row) for row in rows])
        yield rows, {name: tensor.to(model.device) for name, tensor in batch.items()}


def _wins(wrong: Sequence[float], right: Sequence[float]) -> tuple[float, int]:
    """Return in how many (wrong, right) pairs the right one is higher, ties half, and how many pairs there are."""
    ordered = np.sort(np.asarray(wrong, dtype=np.float64))
    below, upto = (np.searchsorted(ordered, np.asarray(right, dtype=np.float64), side) for side in ("left", "right"))
    return float((below + upto).sum() / 2), len(wrong) * len(right)


def _share(won: float, total: int) -> float | None:
    return won / total if total else None
