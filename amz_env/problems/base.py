"""What a problem is, what a worked solution is, and what a generated family of problems looks like.

A *family* is one function `(rng, level, student) -> Draft`. The question depends on `rng` and `level` alone; the
student decides how the solution is written, so the same item can be worked by a perfect student (the reference
solution) and by students with misconceptions (the pretraining corpus).
"""

import hashlib
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, overload

from amz_env.problems.students import Student
from amz_env.steps import answer_action, code_action

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")

_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Problem:
    """A question with its reference answer.

    Attributes:
        id: unique within its source, stable from run to run.
        question: the text that an agent sees.
        answer: the reference answer, or several accepted ones.
        source: name of the source (``mini-gsm``, a file name).
        subject: topic or family, "" where unknown.
        level: difficulty from 1 to 5, 0 where unknown.
        solution: a worked solution as a sequence of actions, () where there is none.
    """

    id: str
    question: str
    answer: str | tuple[str, ...]
    source: str
    subject: str = ""
    level: int = 0
    solution: tuple[str, ...] = ()


class ProblemSource(Protocol):
    """A finite, indexable collection of problems; item i is a pure function of i and the source's arguments."""

    def __len__(self) -> int:
        """Return the number of problems."""

    @overload
    def __getitem__(self, index: int) -> Problem: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Problem]: ...


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """One step of written work: words and code with the output it prints, or words and the final answer."""

    text: str
    code: str | None = None
    output: str | None = None
    answer: str | None = None

    @property
    def action(self) -> str:
        """The step as an action of the environment, in the tagged format."""
        if self.code is not None:
            return code_action(self.text, self.code)
        return answer_action(self.text, self.answer or "")


@dataclass(frozen=True, slots=True)
class Draft:
    """One generated problem and one student's work on it.

    Attributes:
        question: the problem's text; does not depend on the student.
        answer: the true answer; does not depend on the student.
        steps: the student's work. A perfect student's last step carries `answer` (or an equal form).
    """

    question: str
    answer: str
    steps: tuple[WrittenStep, ...]


class Family(Protocol):
    """A family of problems."""

    def __call__(self, rng: random.Random, level: int, student: Student) -> Draft:
        """Draw one problem of `level` (1 to 5) and let `student` work it."""


def normalize_question(question: str) -> str:
    """Return what near-duplicates have in common: the words in order and in lower case, then the numbers sorted.

    Questions that differ in case, white space, punctuation or signs only, or in the order of their numbers, are the
    same in this form.
    """
    words, numbers = _WORD.findall(question.lower()), _DIGITS.findall(question)
    return " ".join([*words, *sorted(numbers)])


def split_of(question: str) -> Split:
    """Return the split that a question belongs to, by the hash of its normalised text: 80 / 10 / 10 %.

    Being a function of the text alone, it keeps the splits of every generated source disjoint whatever the seeds. As
    near-duplicates (the same text once numbers are masked, with the same numbers) are equal when normalised, none of
    them is divided between two splits.
    """
    digest = hashlib.blake2b(normalize_question(question).encode("utf-8", "replace"), digest_size=8).digest()
    bucket = int.from_bytes(digest, "big") % 10
    return "test" if bucket == 0 else "validation" if bucket == 1 else "train"


def rng_of(*parts: object) -> random.Random:
    """Return a generator seeded by the hash of `parts`: near seeds share nothing (`seed + i` would)."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()
    return random.Random(int.from_bytes(digest, "big"))


FamilyTable = dict[str, tuple[Family, frozenset[int]]]
"""subject name -> (family, the levels it can draw)"""
