"""The data of a round: trees over the training problems, and what they amount to.

A round's work is a list of `Job`s, one tree each. A job's seed depends on the run, the round, the problem's place and
the tree's number alone, so neither the other jobs nor an interruption changes a tree, and problems of equal text have
trees of their own. Each finished tree is one line of `trees.jsonl` (`agents.reporting.trees`).
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from agents import make
from agents.base import Solution
from agents.inference.base import Engine, derive_seed
from agents.reporting.files import open_lines, read_lines, write_line
from agents.reporting.trees import SavedTree, tree_from_json, tree_to_json
from agents.search.agent import SearchAgent
from agents.search.search import Judge
from agents.training.config import TrainConfig
from agents.training.progress import stage
from agents.training.records import Pieces, Record, expected_outcome, q_of, records_of
from amz_env.grading import grade_async
from amz_env.problems.base import Problem


@dataclass(frozen=True, slots=True)
class Job:
    """One tree to grow.

    Attributes:
        index: place of the problem in the training set.
        tree: number of the tree among this problem's, from 0.
        problem: the problem, with its answer.
        seed: seed of the search.
    """

    index: int
    tree: int
    problem: Problem
    seed: int


JUDGE_SECONDS = 10.0
"""For one answer: the first hard one waits for the grader's processes to start, beside searches that fill the cores."""

OnTree = Callable[[dict[str, Any]], None]
"""Called with each tree as JSON, in order of finishing."""


def turn_of(problems: int, each_round: int | None, *, seed: int, round_number: int) -> list[int]:
    """Return the places of the problems that a round searches, shuffled.

    Rounds take turns through one order: each takes up where the one before ended, and from the beginning again when all
    have had their turn. The sets, some of which take much longer, stand mixed in it, so that the time that is left can
    be told from the time that went by.

    Args:
        problems: how many there are.
        each_round: how many a round searches; None, or more than there are, for all of them.
        seed: seed of the order.
        round_number: the round, from 1.
    """
    order = sorted(range(problems), key=lambda index: derive_seed("turn", seed, index))
    if each_round is None or each_round >= problems:
        return order
    start = (round_number - 1) * each_round
    return [order[place % problems] for place in range(start, start + each_round)]


def jobs_of(
    problems: Sequence[Problem], trees: int, *, seed: int, round_number: int, each_round: int | None = None
) -> list[Job]:
    """Return the jobs of a round: `trees` for each problem whose turn it is; see `turn_of`."""
    return [
        Job(index, tree, problems[index], derive_seed("tree", seed, round_number, index, tree))
        for index in turn_of(len(problems), each_round, seed=seed, round_number=round_number)
        for tree in range(trees)
    ]


def search_agent(config: TrainConfig, engine: Engine, round_number: int) -> SearchAgent:
    """Return the search that makes the data of a round."""
    return make(
        "mcts",
        model=engine,
        simulations=config.simulations,
        width=config.width,
        c_puct=config.c_puct,
        temperature=config.temperature(round_number),
    )


async def grow_trees(agent: SearchAgent, jobs: Sequence[Job], on_tree: OnTree, *, concurrency: int) -> None:
    """Grow the trees of all jobs, `concurrency` at a time."""
    gate = asyncio.Semaphore(concurrency)

    async def one(job: Job) -> None:
        async with gate:
            [solution] = await agent.solve_async([job.problem.question], seed=job.seed, judges=[judge_of(job.problem)])
            on_tree(_line(job, solution))

    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(one(job))


def judge_of(problem: Problem) -> Judge:
    """Return what tells right answers of a problem from wrong ones, while the other searches go on.

    What cannot be decided is neither: as a wrong answer it would teach that its steps are wrong.
    """

    async def judge(answer: str) -> bool | None:
        verdict = await grade_async(answer, problem.answer, deadline=JUDGE_SECONDS)
        return None if verdict.status == "unknown" else verdict.correct

    return judge


def _line(job: Job, solution: Solution) -> dict[str, Any]:
    meta = {
        "index": job.index,
        "tree": job.tree,
        "seed": job.seed,
        "id": job.problem.id,
        "source": job.problem.source,
        "level": job.problem.level,
        "reference": job.problem.answer,
        "cost": asdict(solution.cost),
    }
    assert solution.tree is not None  # a search agent keeps its tree
    return tree_to_json(solution.tree, meta)


def grow_missing(jobs: Sequence[Job], path: Path, grow: Callable[[Sequence[Job], OnTree], None], *, title: str) -> None:
    """Grow the trees of those jobs whose trees are not in a file yet, and append each as it is finished.

    Args:
        jobs: all jobs of the file.
        path: JSON lines of trees, which need not exist yet.
        grow: grows the trees of some jobs.
        title: what the progress is called.

    Raises:
        ValueError: the file holds trees of other problems.
    """
    with open_lines(path) as file:  # cuts a torn last line off
        done = finished_jobs(path)
        asked = {(job.index, job.tree): job.problem.question for job in jobs}
        if any(asked.get(key) != question for key, question in done.items()):
            raise ValueError(f"{path} holds trees of other problems; give the sizes it was begun with, or remove it")
        todo = [job for job in jobs if (job.index, job.tree) not in done]
        with stage(title, len(jobs), len(done)) as advance:

            def keep(line: dict[str, Any]) -> None:
                write_line(file, line)
                advance(1)

            if todo:
                grow(todo, keep)


def finished_jobs(path: Path) -> dict[tuple[int, int], str]:
    """Return (problem, tree) -> question of the trees in a file, which need not exist yet."""
    if not path.exists():
        return {}
    return {(line["meta"]["index"], line["meta"]["tree"]): line["question"] for line in read_lines(path)}


def trees_by_problem(path: Path, trees: int) -> Iterator[tuple[int, list[SavedTree]]]:
    """Yield (problem, its trees in order) as soon as a problem's `trees` trees have been read.

    Trees stand in the file in order of finishing; those of a problem are near each other, so few are held at a time.
    """
    waiting: dict[int, list[SavedTree]] = {}
    for line in read_lines(path):
        saved = tree_from_json(line)
        index = saved.meta["index"]
        group = waiting.setdefault(index, [])
        group.append(saved)
        if len(group) == trees:
            yield index, sorted(waiting.pop(index), key=lambda each: each.meta["tree"])


def paths_of(
    config: TrainConfig, round_number: int, index: int, saved: Sequence[SavedTree], pieces: Pieces
) -> list[Record]:
    """Return the paths that a round keeps of one problem's trees, as its options say; see `records_of`.

    Args:
        config: the run's options.
        round_number: the round, from 1.
        index: place of the problem.
        saved: all trees of it.
        pieces: gives the tokens of a state, part by part.
    """
    return records_of(
        f"{index}:{saved[0].meta['id']}",  # two problems of a user's file may share their id
        [each.tree for each in saved],
        pieces,
        most_right=config.most_right,
        most_wrong=config.most_wrong,
        late=config.late_wrong,
        target=expected_outcome if config.value_target == "outcome" else q_of,
        seed=derive_seed(config.seed, round_number),
    )


@dataclass(slots=True)
class RoundCounts:
    """What a round's trees amount to, counted problem by problem.

    Attributes:
        problems: training problems.
        solved: problems with a right answer in any tree.
        right_leaves: answered leaves judged right.
        wrong_leaves: answered leaves judged wrong.
        undecided_leaves: answered leaves that could not be judged.
        failures: leaves that ended without an answer.
        generated_tokens: tokens sampled.
        prefilled_tokens: prompt tokens computed.
    """

    problems: int = 0
    solved: int = 0
    right_leaves: int = 0
    wrong_leaves: int = 0
    undecided_leaves: int = 0
    failures: int = 0
    generated_tokens: int = 0
    prefilled_tokens: int = 0

    def add(self, saved: Sequence[SavedTree]) -> None:
        """Count the trees of one problem."""
        leaves = [node for each in saved for node in each.tree.nodes() if node.terminal]
        right = sum(leaf.reward == 1.0 for leaf in leaves)
        wrong = sum(leaf.reward == -1.0 for leaf in leaves)
        self.problems += 1
        self.solved += right > 0
        self.right_leaves += right
        self.wrong_leaves += wrong
        undecided = sum(leaf.answered and leaf.reward is None for leaf in leaves)
        self.undecided_leaves += undecided
        self.failures += len(leaves) - right - wrong - undecided
        for each in saved:
            self.generated_tokens += each.meta["cost"]["generated_tokens"]
            self.prefilled_tokens += each.meta["cost"]["prefilled_tokens"]
