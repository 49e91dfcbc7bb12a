import random

import pytest

from amz_env import MathReasoningEnv, Problem, load_problems
from amz_env.problems import SPLITS, families, misconceptions
from amz_env.problems.base import normalize_question, rng_of, split_of
from amz_env.problems.generated import TRAINING_SETS
from amz_env.problems.students import draw_student, perfect
from amz_env.testing import ProblemSourceContract, replay

NAMES = sorted(TRAINING_SETS)


class TestMiniGsm(ProblemSourceContract):
    def make_source(self):
        return load_problems("mini-gsm", split="train", size=40, seed=11)


class TestMiniMath(ProblemSourceContract):
    def make_source(self):
        return load_problems("mini-math", split="test", size=40, seed=12)


class TestMiniGuess(ProblemSourceContract):
    def make_source(self):
        return load_problems("mini-guess", split="test", size=40, seed=14)


@pytest.mark.parametrize("name", NAMES)
def test_the_oracle_replays_every_family_at_every_level_to_a_reward_of_one(name):
    source = one_per_family(name)
    env = MathReasoningEnv(source)
    failed = [problem.id for i, problem in enumerate(source) if replay(env, i, problem.solution) != 1.0]
    assert len(source) >= 15 and not failed


def one_per_family(name):
    """Return one problem of each (subject, level) of a built-in set."""
    problems = []
    for subject, (family, levels) in families(name).items():
        for level in sorted(levels):
            draft = family(rng_of(name, subject, level), level, perfect())
            solution = tuple(step.action for step in draft.steps)
            problems.append(Problem(f"{subject}:{level}", draft.question, draft.answer, name, subject, level, solution))
    return problems


@pytest.mark.parametrize("name", NAMES)
def test_splits_are_disjoint_whatever_the_seeds(name):
    questions = {
        split: {normalize_question(load_problems(name, split=split, size=60, seed=seed)[i].question)
                for seed in (0, 1) for i in range(60)}
        for split in SPLITS
    }  # fmt: skip
    for split in SPLITS:
        assert {split_of(question) for question in questions[split]} == {split}
    assert not questions["train"] & questions["test"]
    assert not questions["train"] & questions["validation"]
    assert not questions["validation"] & questions["test"]


@pytest.mark.parametrize("name", NAMES)
def test_near_seeds_share_next_to_nothing(name):
    one, other = ({p.question for p in load_problems(name, split="train", size=150, seed=seed)[:]} for seed in (42, 43))
    assert len(one & other) <= 15


@pytest.mark.parametrize("name", NAMES)
def test_levels_come_up_equally_often_and_can_be_chosen(name):
    levels = [problem.level for problem in load_problems(name, split="train", size=300)[:]]
    assert all(levels.count(level) > 30 for level in range(1, 6))
    chosen = load_problems(name, split="test", size=20, level=[2, 4])[:]
    assert {problem.level for problem in chosen} == {2, 4}
    assert chosen[0].id.startswith(f"{name}:test:L24:0:")


@pytest.mark.parametrize("name", NAMES)
def test_work_is_the_same_problem_in_the_students_own_words(name):
    source = load_problems(name, split="train", size=40)
    prevalence = dict.fromkeys(misconceptions(name), 0.5)
    wrong = 0
    for i in range(40):
        draft = source.work(i, draw_student(random.Random(i), prevalence, slip=0.2))
        assert (draft.question, draft.answer) == (source[i].question, source[i].answer)
        assert draft.steps
        wrong += draft.steps[-1].answer != draft.answer
        again = source.work(i, perfect(rng_of("wording", *source._found[i][0].parts)))
        assert tuple(step.action for step in again.steps) == source[i].solution
    assert wrong >= 8


def test_sizes_have_defaults_by_split():
    assert [len(load_problems("mini-gsm", split=split)) for split in SPLITS] == [10_000, 1_000, 1_000]
    assert load_problems("mini-gsm")[0].id == "mini-gsm:test:0:0"
    assert len(load_problems("mini-gsm", size=3)) == 3


def test_a_size_is_a_prefix():
    assert load_problems("mini-gsm", size=5)[:] == load_problems("mini-gsm", size=50)[:5]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"split": "all"}, "'all' is for files"),
        ({"split": "dev"}, "train, validation, test"),
        ({"level": 7}, "has the levels"),
        ({"level": []}, "at least one level"),
        ({"level": True}, "level must be an integer"),
        ({"size": 0}, "size must be"),
    ],
)
def test_a_wrong_argument_is_a_clear_error(arguments, message):
    with pytest.raises(ValueError, match=message):
        load_problems("mini-gsm", **arguments)
