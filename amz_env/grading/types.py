"""The result types of the grading package. Nothing here computes anything."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Self

Status = Literal["correct", "wrong", "unknown"]


@dataclass(frozen=True, slots=True)
class Grade:
    """The verdict on one prediction.

    Attributes:
        correct: True only for status ``correct``; what a reward function reads.
        status: ``unknown`` means that nothing could be decided within the deadline; it counts as not correct.
        reason: the stage that decided and what it saw, as ``stage:detail`` (``exact:number``, ``deadline``).
    """

    correct: bool
    status: Status
    reason: str


def verdict(equal: bool, reason: str) -> Grade:
    """Return the grade of a decided comparison."""
    return Grade(equal, "correct" if equal else "wrong", reason)


def unknown(reason: str) -> Grade:
    """Return the grade of a comparison that could not be decided."""
    return Grade(False, "unknown", reason)


class Judged(str):
    """A reference answer, shown as text, whose source itself tells right from wrong; `amz_env.grade` asks it.

    For where being right is not being equal to one answer: any path out of a maze will do.

    Attributes:
        judge: the verdict on a prediction; picklable.
    """

    __slots__ = ("judge",)
    judge: Callable[[str], Grade]

    def __new__(cls, text: str, judge: Callable[[str], Grade]) -> Self:
        """Return `text` as a reference that `judge` stands behind."""
        reference = super().__new__(cls, text)
        reference.judge = judge
        return reference

    def __getnewargs__(self) -> tuple[str, Callable[[str], Grade]]:  # type: ignore[override] # what pickle calls
        return str(self), self.judge


@dataclass(frozen=True, slots=True)
class Extraction:
    """The final answer found in a text.

    Attributes:
        answer: the answer, stripped, without one enclosing ``$`` pair; None if there is none or it is malformed.
        malformed: True if the text announces an answer that cannot be used: empty, or two answers that differ.
        reason: what was found, for logs and error messages.
    """

    answer: str | None
    malformed: bool
    reason: str
