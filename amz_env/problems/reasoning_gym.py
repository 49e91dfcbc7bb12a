"""The data sets of the package reasoning-gym as problem sources: ``load_problems("reasoning-gym:NAME")``.

The package seeds item i of a data set with ``seed + i``, so near seeds give the same items shifted. Here each item
draws from a seed of its own, hashed from the source's seed, the split and the item's index, until the hash of its
question falls into the split: splits are disjoint also in data sets that have few questions. The splits are thirds, not
80 / 10 / 10 %, for some of these items take seconds to make, and a tenth would take ten draws.

A whole number is graded as everywhere; whatever else an answer may be, the data set's own scorer decides (`OwnScorer`).
"""

import contextlib
import difflib
import hashlib
import json
import pickle
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, overload

import numpy as np

from amz_env.grading import Judged
from amz_env.problems.base import SPLITS, Problem, Split, rng_of
from amz_env.problems.own_scorer import OwnScorer, needs_scorer

PREFIX: Final = "reasoning-gym:"
DEFAULT_SIZE: Final[Mapping[str, int]] = {"train": 1_000, "validation": 100, "test": 100}
OPEN_ANSWER: Final = "(any answer that reasoning-gym's scorer accepts)"
_DRAWS = 64  # (2/3)^64: none of them in the split of a set with many questions, once in 10^11 items


@dataclass(frozen=True)
class ReasoningGymProblems:
    """A `ProblemSource` over one data set of reasoning-gym, in its default configuration.

    Attributes:
        name: of the data set, as reasoning-gym has it (``chain_sum``).
        split: ``train``, ``validation`` or ``test``.
        size: number of problems; None takes `DEFAULT_SIZE` of the split. Questions repeat where a data set has few.
        seed: any integer; sources of different seeds share problems by chance only.

    Raises:
        ImportError: reasoning-gym is not installed.
        ValueError: unknown name or split.
    """

    name: str
    split: str
    size: int | None = None
    seed: int = 0
    _found: dict[int, Problem] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.split not in SPLITS:
            raise ValueError(f"{PREFIX}{self.name} has the splits {', '.join(SPLITS)}, got {self.split!r}")
        known = dataset_names()
        if self.name not in known:
            close = difflib.get_close_matches(self.name, known, n=1)
            raise ValueError(
                f"reasoning-gym has no data set {self.name!r}; "
                + (f"did you mean {close[0]!r}?" if close else f"it has {', '.join(known)}")
            )

    def __len__(self) -> int:
        return DEFAULT_SIZE[self.split] if self.size is None else self.size

    @overload
    def __getitem__(self, index: int) -> Problem: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Problem]: ...
    def __getitem__(self, index: int | slice) -> Problem | Sequence[Problem]:
        size = len(self)
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(size))]
        if not -size <= index < size:
            raise IndexError(f"index {index} is out of range for {size} problems")
        index %= size
        if index not in self._found:
            self._found[index] = self._draw(index)
        return self._found[index]

    def _draw(self, index: int) -> Problem:
        seed = rng_of(PREFIX, self.name, self.seed, self.split, index).getrandbits(31)  # numpy's seeds end at 2^32
        with _contained():
            for entry in _dataset(self.name, _DRAWS, seed):
                if entry["answer"] != "" and third_of(entry["question"]) == self.split:
                    return self._problem(index, entry)
        raise ValueError(
            f"{_DRAWS} draws of {PREFIX}{self.name} gave no question of the split {self.split!r}: it has too few"
        )

    def _problem(self, index: int, entry: dict[str, Any]) -> Problem:
        oracle = None if entry["answer"] is None else str(entry["answer"])
        answer = oracle if oracle is not None else _example(entry["metadata"])
        if needs_scorer(self.name, oracle):
            answer = Judged(answer, OwnScorer(self.name, oracle, pickle.dumps(entry)))
        return Problem(
            id=f"{PREFIX}{self.name}:{self.split}:{self.seed}:{index}",
            question=entry["question"],
            answer=answer,
            source=f"{PREFIX}{self.name}",
            subject=self.name,
        )


def dataset_names() -> list[str]:
    """Return the names of the data sets that can be loaded: all but ``composite``, which mixes others.

    Raises:
        ImportError: reasoning-gym is not installed.
    """
    try:
        from reasoning_gym.factory import DATASETS
    except ImportError:
        raise ImportError(
            "the problems of reasoning-gym need the extra [reasoning-gym]: pip install 'alphamath-zero[reasoning-gym]'"
        ) from None
    return sorted(set(DATASETS) - {"composite"})


def third_of(question: str) -> Split:
    """Return the split of a question by the hash of its text as it stands: in puzzles each sign may count."""
    return SPLITS[hashlib.blake2b(question.encode("utf-8", "replace")).digest()[0] % 3]


def _dataset(name: str, size: int, seed: int) -> Iterator[dict[str, Any]]:
    from reasoning_gym import create_dataset

    data = create_dataset(name, size=size, seed=seed)
    return (data[i] for i in range(size))


def _example(metadata: Mapping[str, Any]) -> str:
    """Return an answer to show where the data set has several and calls none its own."""
    found = next((value for key, value in metadata.items() if "answer" in key and value), OPEN_ANSWER)
    return found if isinstance(found, str) else json.dumps(found)


@contextlib.contextmanager
def _contained() -> Iterator[None]:
    """Keep what some data sets do besides drawing from others: they print, and seed numpy's global generator."""
    state = np.random.get_state()  # noqa: NPY002 # of the program around us, to be left as it is
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        np.random.set_state(state)  # noqa: NPY002 # the same
