"""Simulated students: who writes the worked solutions.

A perfect student writes reference solutions. Others hold misconceptions of their own (reads "fewer" as "more", squares
a sum term by term) and slip at random; their work is what the model that ships was pretrained on, for a corpus that is
unlabelled and about half wrong, as the web is.

A family asks `student.holds("fewer-as-more")` where the misconception would act, and `student.slips()` where a careless
mistake would. A misconception is a trait: a student that holds it shows it every time. A slip is an accident.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Student:
    """One simulated student.

    Attributes:
        misconceptions: names of the misconceptions that this student holds.
        slip: probability of a careless mistake at each occasion, in [0, 1].
        rng: the student's own source of accidents and of variation in wording, never the problem's.
        checks: whether the student prints below a result, where that is easy, whether it fits the question. Checking is
            easier than finding, so the check is right whatever the misconception; the student goes on all the same.
    """

    misconceptions: frozenset[str] = frozenset()
    slip: float = 0.0
    rng: random.Random = field(default_factory=lambda: random.Random(0), compare=False, repr=False)
    checks: bool = False

    def holds(self, misconception: str) -> bool:
        """Return whether this student holds the misconception."""
        return misconception in self.misconceptions

    def slips(self) -> bool:
        """Return whether a careless mistake happens now."""
        return self.slip > 0 and self.rng.random() < self.slip


def perfect(rng: random.Random | None = None) -> Student:
    """Return a student without misconceptions; `rng` varies the wording only."""
    return Student(rng=rng or random.Random(0))


def draw_student(rng: random.Random, prevalence: Mapping[str, float], slip: float, checking: float = 0.0) -> Student:
    """Draw a student from a population.

    Args:
        rng: source of randomness; also becomes the student's own.
        prevalence: misconception name -> share of students that hold it, in [0, 1].
        slip: probability of a careless mistake at each occasion.
        checking: share of students that check their work.
    """
    held = frozenset(name for name, share in prevalence.items() if rng.random() < share)
    return Student(held, slip, rng, checking > 0 and rng.random() < checking)
