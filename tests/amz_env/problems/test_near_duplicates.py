"""No problem of the test split is one of the training split with its numbers in another order or spelt otherwise."""

import random
import re
from collections import defaultdict
from functools import cache

import pytest

from amz_env.problems import BUILTIN, families, load_problems
from amz_env.problems.base import normalize_question, rng_of, split_of
from amz_env.problems.generated import TRAINING_SETS
from amz_env.problems.students import perfect

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def near(question: str) -> tuple[str, tuple[str, ...]]:
    """Return what near-duplicates share, by the definition: the text with its numbers masked, and the numbers."""
    return NUMBER.sub("#", question), tuple(sorted(NUMBER.findall(question)))


@cache
def drawn(name: str, seed: int = 0, size: int = 2000) -> tuple[str, ...]:
    """Return questions of a set, of all families and levels in turn, whatever their split."""
    kinds = [(subject, level) for subject, (_, levels) in families(name).items() for level in sorted(levels)]
    return tuple(
        families(name)[subject][0](rng_of("near", name, seed, i), level, perfect()).question
        for i, (subject, level) in ((i, kinds[i % len(kinds)]) for i in range(size))
    )


@pytest.mark.parametrize("name", sorted(BUILTIN))
def test_near_duplicates_share_a_split(name: str) -> None:
    splits = defaultdict(set)
    for seed in (0, 1):
        for question in drawn(name, seed):
            splits[near(question)].add(split_of(question))
    assert len(splits) > 2000
    assert [key for key, found in splits.items() if len(found) > 1] == []


@pytest.mark.parametrize("name", TRAINING_SETS)
def test_the_loaded_splits_hold_no_near_duplicates(name: str) -> None:
    train = {near(problem.question) for problem in load_problems(name, split="train", size=1500, seed=3)[:]}
    test = {near(problem.question) for problem in load_problems(name, split="test", size=150, seed=3)[:]}
    assert len(train) > 1450 and len(test) > 140
    assert not train & test


@pytest.mark.parametrize("name", sorted(BUILTIN))
def test_a_question_told_otherwise_stays_in_its_split(name: str) -> None:
    """Variants that the masking calls near, and some that it does not: case, spaces, the order of the numbers."""
    rng = random.Random(5)
    moved = 0
    for question in drawn(name)[:400]:
        numbers = iter(rng.sample(found := NUMBER.findall(question), len(found)))
        turned = NUMBER.sub(lambda _, numbers=numbers: next(numbers), question)  # type: ignore[misc]
        moved += turned != question
        for variant in (turned, question.upper(), f"  {question}\n", question.replace(", ", " ").rstrip("?.")):
            assert split_of(variant) == split_of(question), variant
    assert moved > 100


def test_the_normalised_question() -> None:
    assert normalize_question("How much is  $12 - 3.5$?") == normalize_question("how much is 3.5 + 12") != ""
    assert normalize_question("How much is 12?") != normalize_question("How much is 13?")
    assert normalize_question("Ben has 12.") != normalize_question("Eva has 12.")
    assert normalize_question("Wie groß ist Ä?") == normalize_question("wie GROß ist ä")
    for name in BUILTIN:
        for question in drawn(name)[:100]:
            assert normalize_question(normalize_question(question)) == normalize_question(question)


@pytest.mark.parametrize(("name", "share"), [("mini-gsm", 0.002), ("mini-math", 0.03), ("mini-guess", 0.08)])
def test_two_seeds_share_hardly_a_problem(name: str, share: float) -> None:
    one, other = (set(drawn(name, seed)) for seed in (0, 1))
    assert len(one & other) <= share * len(one)
