"""Problem sets drawn from the built-in families, one item at a time.

Item i is a pure function of (set, seed, split, i) and of the levels asked for. A draw is repeated until the hash of its
question falls into the split, so splits are disjoint whatever the seeds.
"""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, overload

from amz_env.problems.base import SPLITS, Draft, FamilyTable, Problem, rng_of, split_of
from amz_env.problems.students import Student, perfect

BUILTIN: Final[Mapping[str, str]] = {
    "mini-gsm": "amz_env.problems.gsm",
    "mini-math": "amz_env.problems.math",
    "mini-guess": "amz_env.problems.guess",
    "mini-gaokao": "amz_env.problems.gaokao",
}
"""name of a built-in set -> the package that holds its families"""

TRAINING_SETS: Final = ("mini-gsm", "mini-math", "mini-guess")
"""the built-in sets that a model may be trained on; the others measure what carries over to problems of a new kind"""

DEFAULT_SIZE: Final[Mapping[str, int]] = {"train": 10_000, "validation": 1_000, "test": 1_000}
_MAX_DRAWS = 2_000


@cache
def families(name: str) -> FamilyTable:
    """Return the families of a built-in set, importing them now (the package's import stays quick)."""
    table: FamilyTable = importlib.import_module(BUILTIN[name]).FAMILIES
    return table


@cache
def subjects_by_level(name: str) -> Mapping[int, Sequence[str]]:
    """Return the levels of a built-in set in order, each with the subjects that offer it, sorted."""
    table = families(name)
    levels = sorted(frozenset[int]().union(*(offered for _, offered in table.values())))
    return {level: sorted(subject for subject in table if level in table[subject][1]) for level in levels}


def misconceptions(name: str) -> Mapping[str, str]:
    """Return the misconceptions that the families of a built-in set know, each with its description."""
    known: Mapping[str, str] = importlib.import_module(BUILTIN[name]).MISCONCEPTIONS
    return known


@dataclass(frozen=True, slots=True)
class _Item:
    """The draw that item i settled on: what it takes to work the same problem again."""

    subject: str
    level: int
    parts: tuple[object, ...]  # the seed of the draw, for `rng_of`


@dataclass(frozen=True)
class GeneratedProblems:
    """A `ProblemSource` over the families of one built-in set.

    Attributes:
        name: a key of `BUILTIN`.
        split: which of the disjoint splits to draw from.
        size: number of problems; None takes `DEFAULT_SIZE` of the split.
        seed: any integer; sources of different seeds share problems by chance only.
        levels: the levels to draw from, 1 to 5; empty for all.

    Raises:
        ValueError: unknown name or split, the training split of a set that is never trained on, or a level that no
            family of the set can draw.
    """

    name: str
    split: str
    size: int | None = None
    seed: int = 0
    levels: frozenset[int] = frozenset()
    _found: dict[int, tuple[_Item, Problem]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.name not in BUILTIN:
            raise ValueError(f"unknown problem set {self.name!r}; known: {', '.join(sorted(BUILTIN))}")
        if self.split not in SPLITS:
            raise ValueError(f"split must be one of {', '.join(SPLITS)}, got {self.split!r}")
        if self.split == "train" and self.name not in TRAINING_SETS:
            raise ValueError(f"{self.name} is never trained on: it has the splits validation and test")
        offered = subjects_by_level(self.name)
        if not self.levels <= offered.keys():
            raise ValueError(f"{self.name} has the levels {sorted(offered)}, got {sorted(self.levels)}")

    def __len__(self) -> int:
        return DEFAULT_SIZE[self.split] if self.size is None else self.size

    @overload
    def __getitem__(self, index: int) -> Problem: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Problem]: ...
    def __getitem__(self, index: int | slice) -> Problem | Sequence[Problem]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        return self._locate(index)[1]

    def work(self, index: int, student: Student) -> Draft:
        """Return problem `index` as worked by `student`: same question and answer, the student's own steps."""
        item, problem = self._locate(index)
        family, _ = families(self.name)[item.subject]
        draft = family(rng_of(*item.parts), item.level, student)
        if draft.question != problem.question:
            raise RuntimeError(f"{item.subject!r} let the student change the question of {problem.id}")
        return draft

    def _locate(self, index: int) -> tuple[_Item, Problem]:
        size = len(self)
        if not -size <= index < size:
            raise IndexError(f"index {index} is out of range for {size} problems")
        index %= size
        if index not in self._found:
            self._found[index] = self._draw(index)
        return self._found[index]

    def _draw(self, index: int) -> tuple[_Item, Problem]:
        for attempt in range(_MAX_DRAWS):
            item = self._pick(index, attempt)
            family, _ = families(self.name)[item.subject]
            draft = family(rng_of(*item.parts), item.level, perfect(rng_of("wording", *item.parts)))
            if split_of(draft.question) == self.split:
                return item, self._problem(index, item, draft)
        raise RuntimeError(f"{_MAX_DRAWS} draws of {self.name} gave no problem of the split {self.split!r}")

    def _pick(self, index: int, attempt: int) -> _Item:
        """Choose level and subject of one draw: the levels equally often, then the subjects that offer the level."""
        offered = subjects_by_level(self.name)
        parts = (self.name, self.seed, self.split, index, attempt)
        rng = rng_of("pick", *parts)
        level = rng.choice(sorted(self.levels) or list(offered))
        return _Item(rng.choice(offered[level]), level, parts)

    def _problem(self, index: int, item: _Item, draft: Draft) -> Problem:
        chosen = "" if not self.levels else ":L" + "".join(map(str, sorted(self.levels)))
        return Problem(
            id=f"{self.name}:{self.split}{chosen}:{self.seed}:{index}",
            question=draft.question,
            answer=draft.answer,
            source=self.name,
            subject=item.subject,
            level=item.level,
            solution=tuple(step.action for step in draft.steps),
        )
