"""From search trees to training records (paper, section 3.3 and Algorithm 3).

A *path* is an answered leaf of a judged tree with the steps that lead there. Of all trees of one problem at most a few
right and a few wrong paths are kept; each becomes one `Record`: the tokens exactly as they were sampled and prefilled,
which of them the policy sampled, and the value target of every step.

    target of step t = Q(s_t, a_t), exactly +1 or -1 at the last step

or, not in the paper, the expected outcome of going on from there (`expected_outcome`).

The label of a step sits on the last token of what the environment appends to it: the line end after `</step>`, where
the search reads V. Nothing is encoded again from text, so training sees the very tokens that the search saw.
"""

import json
import math
import os
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from agents.inference.base import derive_seed
from agents.reporting.files import read_lines, write_bytes
from agents.search.tree import Node, Tree
from amz_env.dynamics import State
from amz_env.grading import grade

Pieces = Callable[[State], Iterable[Sequence[int]]]
"""`PolicyValueModel.pieces`: the tokens of the question, then (action, closing) of each step."""

Target = Callable[[Node], float]
"""The value target, in [-1, 1], of the step that leads to a node which is not the end."""

L1_CONFIRMED, L2_CLEAN, L3_REST = 1, 2, 3
"""Quality of a right path: some code output equals the answer > no code failed > the rest."""


@dataclass(frozen=True, slots=True)
class Record:
    """One path to train on. Letters: T tokens, S steps.

    Attributes:
        problem: id of the problem.
        right: whether the path's answer is right.
        answer: the path's answer.
        quality: 1 to 3 for a right path (`L1_CONFIRMED` is best), 0 for a wrong one.
        token_ids: the whole path, question included. [T]
        sampled: (start, end) of the tokens that the policy wrote, one half-open range a step. [S, 2]
        ends: position of the value label of each step. [S]
        targets: value target of each step, in [-1, 1]; the last is +1 or -1. [S]

    Raises:
        ValueError: the parts do not fit together.
    """

    problem: str
    right: bool
    answer: str
    quality: int
    token_ids: tuple[int, ...]
    sampled: tuple[tuple[int, int], ...]
    ends: tuple[int, ...]
    targets: tuple[float, ...]

    def __post_init__(self) -> None:
        if not len(self.sampled) == len(self.ends) == len(self.targets) >= 1:
            raise ValueError(f"{self.problem}: a record needs a range, a label and a target for each of its steps")
        if self.targets[-1] != (1.0 if self.right else -1.0):
            raise ValueError(f"{self.problem}: the last target must be +-1 as the answer is, got {self.targets[-1]}")
        if not all(-1.0 <= target <= 1.0 for target in self.targets):
            raise ValueError(f"{self.problem}: targets must be in [-1, 1], got {self.targets}")
        edges = [edge for span, end in zip(self.sampled, self.ends, strict=True) for edge in (*span, end + 1)]
        if edges != sorted(edges) or edges[-1] != len(self.token_ids) or edges[0] < 1:
            raise ValueError(f"{self.problem}: steps are not in order within {len(self.token_ids)} tokens: {edges}")

    @property
    def prompt_length(self) -> int:
        """Number of tokens of the question."""
        return self.sampled[0][0]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A leaf that the filter kept, with its quality (1 to 3, 0 for a wrong one)."""

    leaf: Node
    quality: int


def write_records(path: str | os.PathLike[str], records: Iterable[Record]) -> None:
    """Write records as JSON lines, all or none."""
    write_bytes(path, "".join(json.dumps(asdict(record)) + "\n" for record in records).encode())


def read_records(path: str | os.PathLike[str]) -> list[Record]:
    """Read what `write_records` wrote; a half-written last line is dropped.

    Raises:
        ValueError: a line that holds no record.
        FileNotFoundError: there is no such file.
    """
    return [_from_json(saved) for saved in read_lines(path)]


def _from_json(saved: dict[str, Any]) -> Record:
    try:
        return Record(
            **saved
            | {
                "token_ids": tuple(saved["token_ids"]),
                "sampled": tuple((start, end) for start, end in saved["sampled"]),
                "ends": tuple(saved["ends"]),
                "targets": tuple(saved["targets"]),
            }
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a training record: {error}") from error


def q_of(node: Node) -> float:
    """Return Q: what the search backed up through a node on average (the paper's target)."""
    return node.q


def expected_outcome(node: Node) -> float:
    """Return the expected outcome, +1 right and -1 wrong or failed, of going on from here as the proposals do.

    A mean over the children that lead to an end, recursively, each as often as it was proposed; 0 where none does. An
    answer of which nobody can say whether it is right is no end; a state from which no step fits is one, and failed. Q
    averages outcomes with the V of states that are not finished: in a small tree most of what is backed up is such V,
    which is 0 in round 1, so that Q says more about how often a step was visited than about how it ends.
    """
    return _expected(node) or 0.0


def _expected(node: Node) -> float | None:
    if node.terminal:
        return node.reward if node.reward is not None else None if node.answered else -1.0
    if node.expanded and not node.children:
        return -1.0
    known = [(child.copies, value) for child in node.children if (value := _expected(child)) is not None]
    return sum(copies * value for copies, value in known) / sum(copies for copies, _ in known) if known else None


def records_of(
    problem: str,
    trees: Sequence[Tree],
    pieces: Pieces,
    *,
    most_right: int = 4,
    most_wrong: int = 4,
    late: bool = False,
    target: Target = q_of,
    seed: int = 0,
) -> list[Record]:
    """Return the records of one problem, right ones first.

    Args:
        problem: id of the problem; it also seeds the draw, so that problems with the same text are drawn apart.
        trees: all trees of this problem, answers judged.
        pieces: gives the tokens of a state, part by part.
        most_right: right paths kept at most.
        most_wrong: wrong paths kept at most.
        late: prefer wrong paths that leave a right one late; see `choose_paths`.
        target: value target of a step, its Q or its `expected_outcome`.
        seed: seed of the draw.
    """
    rng = random.Random(derive_seed("records", seed, problem))
    chosen = choose_paths(trees, most_right=most_right, most_wrong=most_wrong, late=late, rng=rng)
    return [make_record(problem, each.leaf, each.quality, pieces, target=target) for each in chosen]


def choose_paths(
    trees: Sequence[Tree], *, most_right: int, most_wrong: int, late: bool = False, rng: random.Random
) -> list[Chosen]:
    """Choose paths by the paper's filter (Algorithm 3): better right ones first, wrong ones at random.

    At random means that of the tree as it was proposed every leaf counts alike: below a step that was proposed thrice,
    and is one node here, three times. Of paths with the same code and answer one is kept; dropped are paths in which
    every code step failed. With `late` (not in the paper) the wrong paths come first that share the most steps with a
    right one, so that the value model sees right and wrong continuations of the same state, and cannot settle for
    knowing which problems are hard.
    """
    leaves = [leaf for leaf in _distinct(trees) if not _every_code_step_failed(leaf)]
    right = [Chosen(leaf, quality(leaf)) for leaf in leaves if leaf.reward == 1.0]
    wrong = [Chosen(leaf, 0) for leaf in leaves if leaf.reward == -1.0]
    right, wrong = _shuffled(right, rng), _shuffled(wrong, rng)
    if late:
        promising = {id(node) for each in right for node in each.leaf.path()}
        wrong.sort(key=lambda each: -sum(id(node) in promising for node in each.leaf.path()))
    return sorted(right, key=lambda each: each.quality)[:most_right] + wrong[:most_wrong]


def _shuffled(paths: list[Chosen], rng: random.Random) -> list[Chosen]:
    """Draw paths without replacement, each by the leaves that it stands for (Efraimidis, Spirakis)."""
    times = {id(each): math.prod(node.copies for node in each.leaf.path()) for each in paths}
    return sorted(paths, key=lambda each: rng.random() ** (1 / times[id(each)]), reverse=True)


def quality(leaf: Node) -> int:
    """Return how well a right path is supported by its code: `L1_CONFIRMED`, `L2_CLEAN` or `L3_REST`."""
    answer = leaf.state.answer or ""
    outputs = {taken.observation for taken in leaf.state.steps if taken.observation and not taken.failed}
    if any(grade(output, answer).correct for output in sorted(outputs)):
        return L1_CONFIRMED
    return L3_REST if any(taken.failed for taken in leaf.state.steps) else L2_CLEAN


def make_record(problem: str, leaf: Node, quality: int, pieces: Pieces, *, target: Target = q_of) -> Record:
    """Return the record of one path.

    Raises:
        ValueError: the leaf has no judged answer.
    """
    if leaf.reward is None or not leaf.answered:
        raise ValueError(f"{problem}: node {leaf.tag} has no judged answer")
    question, *parts = pieces(leaf.state)
    token_ids, sampled, ends = [*question], list[tuple[int, int]](), list[int]()
    for action, closing in zip(parts[::2], parts[1::2], strict=True):
        sampled.append((len(token_ids), len(token_ids) + len(action)))
        token_ids += [*action, *closing]
        ends.append(len(token_ids) - 1)
    targets = [target(node) for node in leaf.path()[1:-1]] + [leaf.reward]
    return Record(
        problem=problem,
        right=leaf.reward == 1.0,
        answer=leaf.state.answer or "",
        quality=quality,
        token_ids=tuple(token_ids),
        sampled=tuple(sampled),
        ends=tuple(ends),
        targets=tuple(targets),
    )


def _distinct(trees: Sequence[Tree]) -> list[Node]:
    """Return the judged answers of all trees, each solution once, where it first occurs, in whatever words."""
    leaves = [leaf for tree in trees for leaf in tree.answers() if leaf.reward is not None]
    first: dict[tuple[str, ...], Node] = {}
    for leaf in leaves:
        first.setdefault(_gist(leaf), leaf)
    return list(first.values())


def _gist(leaf: Node) -> tuple[str, ...]:
    return tuple(taken.step.gist for taken in leaf.state.steps)


def _every_code_step_failed(leaf: Node) -> bool:
    code_steps = [taken for taken in leaf.state.steps if taken.step.kind == "code"]
    return bool(code_steps) and all(taken.failed for taken in code_steps)
