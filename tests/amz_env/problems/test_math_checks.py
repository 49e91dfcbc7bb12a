"""mini-math: where checking is easier than finding, the worked solutions check, and wrong work shows in the check."""

import random
import re

from amz_env.problems import math
from amz_env.problems.base import Draft, rng_of
from amz_env.problems.math import FAMILIES
from amz_env.problems.students import Student
from tests.amz_env.problems.test_math import asked


def easy_to_check() -> dict[str, tuple[int, ...]]:
    """The families that the package's docstring names, with the levels it gives."""
    named, subject = {}, ""
    for start, rest in re.findall(r"^    ( {15}|[a-z-]+ +)(\S.*)$", math.__doc__ or "", re.MULTILINE):
        subject = start.strip() or subject
        for name, levels in re.findall(r"([a-z-]+)(?: \(([\d, ]+)\))?(?:,|$)", rest):
            all_levels = sorted(FAMILIES[f"{subject}/{name}"][1])
            named[f"{subject}/{name}"] = tuple(map(int, levels.split(", "))) if levels else tuple(all_levels)
    return named


EASY = easy_to_check()


def last_output(draft: Draft) -> str:
    return [step.output or "" for step in draft.steps if step.code is not None][-1]


def only_confirms(draft: Draft) -> bool:
    """Whether the last computation shows nothing but True, False, 0 and numbers that the question gives."""
    given = {"True", "False", "0", *re.findall(r"-?\d+", draft.question)}
    return set(re.findall(r"True|False|-?\d+", last_output(draft))) <= given


def drawn(subject: str, level: int, index: int, names: frozenset[str] = frozenset()) -> Draft:
    return FAMILIES[subject][0](rng_of(subject, level, index), level, Student(names, rng=random.Random(0)))


def test_two_in_five_families_are_easier_to_check_than_to_solve() -> None:
    assert len(EASY) >= 0.4 * len(FAMILIES)
    assert all(set(levels) <= FAMILIES[subject][1] for subject, levels in EASY.items())


def test_their_worked_solutions_end_with_a_check() -> None:
    checked = [
        all(only_confirms(drawn(subject, level, index)) for index in range(12))
        for subject, levels in EASY.items()
        for level in levels
    ]
    assert sum(checked) >= 0.8 * len(checked)


def test_wrong_work_shows_in_the_check() -> None:
    wrong = shown = 0
    for subject, levels in EASY.items():
        for level in levels:
            for index in range(8):
                right = drawn(subject, level, index)
                for name in asked(subject, level, index):
                    work = drawn(subject, level, index, frozenset({name}))
                    if work.steps[-1].answer != right.answer:
                        wrong += 1
                        shown += last_output(work) != last_output(right)
    assert wrong > 500
    assert shown > 0.8 * wrong
