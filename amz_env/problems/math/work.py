"""A sheet of written work: collects the steps that a student writes on one problem.

The sheet knows three things that every family needs: wording varies from student to student, sympy is imported once and
only where it is used, and a careless student copies numbers wrongly.
"""

import random

from amz_env.problems.base import Draft, WrittenStep
from amz_env.problems.students import Student

IMPORT = "from sympy import *"
NAMES = ("Mia", "Tom", "Ana", "Ben", "Lea", "Sam", "Zoe", "Max", "Eva", "Leo", "Ida", "Paul")


class Work:
    """The steps that one student has written so far."""

    def __init__(self, student: Student) -> None:
        self.student = student
        self._steps: list[WrittenStep] = []
        self._imported = False

    def holds(self, misconception: str) -> bool:
        """Return whether the student holds the misconception."""
        return self.student.holds(misconception)

    def copy(self, number: int) -> int:
        """Return a number of the question as the student copies it: a careless one changes a digit."""
        if not self.student.slips():
            return number
        return number + self.student.rng.choice((1, 2, 10)) * (1 if number >= 0 else -1)

    def run(
        self,
        text: str | tuple[str, ...],
        code: str,
        output: object,
        *,
        sympy: bool = False,
        fits: tuple[str, bool] | None = None,
    ) -> None:
        """Add a code step.

        Args:
            text: the words of the step, or several wordings to choose from.
            code: Python source.
            output: what it prints, or several things that one print shows, as a tuple.
            sympy: whether the code needs sympy; the first such step imports it.
            fits: a condition, in Python, on what this step found, and whether it holds. Its text follows from the
                question alone, never from a misreading; it may use what earlier steps found, and is then about this
                step only. It holds in right work. A student that checks prints it.
        """
        if sympy and not self._imported:
            code, self._imported = f"{IMPORT}\n{code}", True
        printed = _printed(output)
        if fits is not None and self.student.checks:
            condition, holds = fits
            code, printed = f"{code}\nprint({condition})", f"{printed}\n{holds}"
        self._steps.append(WrittenStep(self._word(text), code, printed))

    def answer(self, text: str | tuple[str, ...], answer: object, instead: object = None) -> None:
        """Add the answer step.

        Args:
            text: the words of the step, or several wordings to choose from.
            answer: the final answer.
            instead: an intermediate quantity that a careless student takes for the answer.
        """
        stops = instead is not None and self.student.slips()
        self._steps.append(WrittenStep(self._word(text), answer=str(instead if stops else answer)))

    def draft(self, question: str, answer: object) -> Draft:
        """Return the problem with the work written so far."""
        return Draft(question, str(answer), tuple(self._steps))

    def _word(self, text: str | tuple[str, ...]) -> str:
        return text if isinstance(text, str) else self.student.rng.choice(text)


def ask(rng: random.Random, *wordings: str) -> str:
    """Return one wording of the question."""
    return rng.choice(wordings)


def nonzero(rng: random.Random, low: int, high: int) -> int:
    """Draw a whole number from low to high that is not 0; the range must hold another one."""
    while True:
        number = rng.randint(low, high)
        if number:
            return number


def _printed(output: object) -> str:
    return " ".join(map(str, output)) if isinstance(output, tuple) else str(output)
