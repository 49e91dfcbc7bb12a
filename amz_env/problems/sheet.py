"""A sheet whose code is run as it is written, so that what a step says and what it prints cannot part.

Where a solution is a composition or hangs on a guess, what a student finds in one step goes on into the next ones,
misconceptions and slips included. Running the steps does that by itself; the families of mini-math follow every
quantity by hand.
"""

import re
from fractions import Fraction
from math import comb, factorial, gcd, lcm
from typing import Any, Final

from amz_env.problems.base import Draft
from amz_env.problems.math.work import Work
from amz_env.problems.students import Student

Words = str | tuple[str, ...]

_PLAIN: Final = {
    **{"abs": abs, "all": all, "int": int, "len": len, "list": list},
    **{"max": max, "min": min, "range": range, "sorted": sorted, "str": str, "sum": sum},
}
_SYMPY: Final = {"Rational": Fraction, "binomial": comb, "factorial": factorial, "gcd": gcd, "lcm": lcm}
"""names of sympy -> what prints the same on whole and rational numbers, without the milliseconds that sympy takes"""
_NEEDS_SYMPY: Final = re.compile(r"\b(Rational|binomial|factorial|gcd|lcm|sqrt|pi|symbols|I)\b")
_NUMBER: Final = re.compile(r"\d+")
_NOTHING_LEFT: Final = (ArithmeticError, LookupError, ValueError)
"""what a step raises when a wrong reading left it nothing to work on: no candidates, a division by zero"""


class Sheet:
    """The work of one student on one question."""

    def __init__(self, question: str, student: Student) -> None:
        self._question = question
        self._student = student
        self._work = Work(student)
        self._given = sorted(set(_NUMBER.findall(question)))
        self._printed: list[str] = []
        self._stuck = False
        self._values: dict[str, Any] = {"__builtins__": {}, **_PLAIN, **_SYMPY, "print": self._print}

    def __getitem__(self, name: str) -> Any:
        """Return the value of a variable of the code, 0 if the student never got there."""
        return self._values.get(name, 0)

    def holds(self, misconception: str) -> bool:
        """Return whether the student holds the misconception."""
        return self._student.holds(misconception)

    def run(self, text: Words, code: str, output: object = None) -> None:
        """Add a code step, unless an earlier one already left the student with nothing to go on.

        Args:
            text: the words of the step, or several wordings to choose from.
            code: Python source that prints; this package's own text, never anybody else's.
            output: what the code prints, for code that needs sympy itself and is not run here.
        """
        if self._stuck:
            return
        if output is None:
            code = self._miscopied(code)
            self._printed.clear()
            try:
                exec(code, self._values)
            except _NOTHING_LEFT:
                self._stuck = True
                return
            output = "\n".join(self._printed)
        self._work.run(text, code, output, sympy=bool(_NEEDS_SYMPY.search(code)))

    def answer(self, text: Words, answer: object, instead: object = None) -> None:
        """Add the answer step; one who found nothing answers 0.

        Args:
            text: the words of the step, or several wordings to choose from.
            answer: the final answer.
            instead: an intermediate quantity that a careless student takes for the answer.
        """
        self._work.answer(text, 0 if answer == "" else answer, instead)

    def draft(self, answer: object) -> Draft:
        """Return the problem, whose true answer is `answer`, with the work written so far."""
        return self._work.draft(self._question, answer)

    def _print(self, *values: object) -> None:
        self._printed.append(" ".join(map(str, values)))

    def _miscopied(self, code: str) -> str:
        """Return the code as a careless student writes it: with one number of the question copied wrong."""
        used = [number for number in _NUMBER.findall(code) if number in self._given]
        if not used or not self._student.slips():
            return code
        number = self._student.rng.choice(used)
        wrong = str(int(number) + self._student.rng.choice((1, 2, 10)))
        return re.sub(rf"\b{number}\b", wrong, code, count=1)
