"""Clues: only the check tells which number is right; in mini-gaokao they follow each other as in no training set."""

import random
import re
from collections import Counter
from itertools import pairwise

import pytest

from amz_env.problems import families
from amz_env.problems.base import rng_of
from amz_env.problems.guess.clues import KINDS
from amz_env.problems.students import perfect

NAMES = [kind.__name__ for kind in KINDS]


def kind_of(told: str) -> str:
    """The kind of the clue in a sentence."""
    for kind, pattern in {
        "divides": r"divides \d",
        "remainder": r"leaves remainder",
        "power": r"\^\w \\equiv",
        "multiple": r"\\equiv",
        "root": r"= 0",
    }.items():
        if re.search(pattern, told):
            return kind
    raise AssertionError(told)


def neighbours(name: str) -> set[tuple[str, str]]:
    """The kinds of clues that follow each other in a set."""
    found = set()
    for subject, (family, levels) in families(name).items():
        if subject.startswith("clues/"):
            for level in levels:
                for index in range(30):
                    question = family(rng_of("kinds", subject, level, index), level, perfect()).question
                    found.update(pairwise(map(kind_of, question.split(". ")[:-1])))
    return found


def test_what_follows_what_in_training_never_does_in_mini_gaokao() -> None:
    trained, new = neighbours("mini-guess"), neighbours("mini-gaokao")
    assert trained and new and not trained & new
    assert trained | new == {(one, other) for one in NAMES for other in NAMES if one != other}


@pytest.mark.parametrize("kind", KINDS)
def test_neither_place_nor_size_tells_the_right_number(kind) -> None:
    places, ranks = Counter[int](), Counter[int]()
    for index in range(600):
        clue = kind(random.Random(index), "a", 3)
        places[clue.listed.index(clue.right)] += 1
        ranks[sorted(clue.listed).index(clue.right)] += 1
    for counts in (places, ranks):
        assert all(150 < counts[place] < 250 for place in range(3)), counts


@pytest.mark.parametrize("kind", KINDS)
def test_the_condition_holds_for_the_right_number_alone(kind) -> None:
    for index in range(100):
        clue = kind(random.Random(index), "a", 4)
        assert len(set(clue.listed)) == 4
        assert [x for x in clue.listed if eval(clue.condition, {"a": x})] == [clue.right]
