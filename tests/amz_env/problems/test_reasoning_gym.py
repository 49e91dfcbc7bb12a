import copy
import io
import json
import pickle
import time
from contextlib import redirect_stdout
from dataclasses import asdict

import numpy as np
import pytest

from amz_env import MathReasoningEnv, answer_action, grade, load_problems
from amz_env.grading import Judged, grade_async, grade_many
from amz_env.problems import own_scorer
from amz_env.problems.base import SPLITS
from amz_env.problems.own_scorer import calls_something
from amz_env.problems.reasoning_gym import OPEN_ANSWER
from amz_env.testing import ProblemSourceContract

pytest.importorskip("reasoning_gym", reason="reasoning-gym is not installed (extra [reasoning-gym])")


def first(name, **options):
    return load_problems(f"reasoning-gym:{name}", size=1, **options)[0]


class TestNumbers(ProblemSourceContract):
    checked = 20

    def make_source(self):
        return load_problems("reasoning-gym:chain_sum", split="train", size=20, seed=3)


class TestOwnScorer(ProblemSourceContract):
    checked = 5

    def make_source(self):
        return load_problems("reasoning-gym:countdown", split="test", size=5)


# --- what is drawn


def test_splits_are_disjoint_where_questions_are_few_and_seeds_are_near():
    asked = {
        split: {p.question for seed in (41, 42, 43) for p in load_problems(
            "reasoning-gym:tower_of_hanoi", split=split, size=60, seed=seed)[:]}
        for split in SPLITS
    }  # fmt: skip
    assert all(len(questions) > 20 for questions in asked.values())
    assert len(set.union(*asked.values())) == sum(map(len, asked.values()))


def test_near_seeds_give_other_problems():
    drawn = [{p.question for p in load_problems("reasoning-gym:gcd", size=100, seed=seed)[:]} for seed in (42, 43)]
    assert len(drawn[0] & drawn[1]) < 3 and len(drawn[0]) > 95


def test_sizes_ids_and_names():
    source = load_problems("reasoning-gym:lcm", seed=7)
    assert len(source) == 100 and len(load_problems("reasoning-gym:lcm", split="train")) == 1000
    problem = source[-1]
    assert (problem.id, problem.source, problem.subject) == (
        "reasoning-gym:lcm:test:7:99",
        "reasoning-gym:lcm",
        "lcm",
    )


def test_what_cannot_be_drawn_is_said():
    with pytest.raises(ValueError, match=r"no data set 'chainsum'; did you mean 'chain_sum'\?"):
        load_problems("reasoning-gym:chainsum")
    for options, message in (({"level": 3}, "has no levels"), ({"split": "all"}, "'all' is for files")):
        with pytest.raises(ValueError, match=message):
            load_problems("reasoning-gym:chain_sum", **options)


def test_what_data_sets_do_besides_stays_where_it_is():
    np.random.seed(5)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    shown = io.StringIO()
    with redirect_stdout(shown):
        first("pool_matrix"), first("bf")  # the one seeds numpy's global generator, the other prints dots
    assert (np.random.get_state()[1] == before).all() and shown.getvalue() == ""  # noqa: NPY002


# --- what is right


def test_whole_numbers_are_graded_as_everywhere():
    problem = first("chain_sum")
    assert not isinstance(problem.answer, Judged)
    assert grade(f"{problem.answer}.0", problem.answer).correct


@pytest.mark.parametrize(
    ("name", "equal", "wrong"),
    [
        ("simple_integration", "0 + {}", "Integral({}, x)"),
        ("fraction_simplification", "{}", "2 + {}"),
        ("polynomial_multiplication", "({})*1", "({})*2"),
        ("syllogism", " {} ", "Yes or No"),
        ("coin_flip", "{}000", "0.9{}"),
        ("graph_color", "{}", "{{}}"),
    ],
)
def test_the_data_sets_own_scorer_decides_the_rest(name, equal, wrong):
    problem = first(name)
    assert isinstance(problem.answer, Judged)
    right, other = equal.format(problem.answer), wrong.format(problem.answer)
    assert [one.correct for one in grade_many([(right, problem.answer), (other, problem.answer)])] == [True, False]


def test_a_part_of_a_point_is_no_point():
    problem = first("caesar_cipher")
    assert grade(f"It says {problem.answer}", problem.answer).status == "wrong"


def test_verdicts_leave_no_process_behind():
    problem = first("caesar_cipher")

    def paused(answers):
        for answer in answers:
            grade(answer, problem.answer)
        return len(own_scorer._interpreter().processes())

    assert paused(["something"]) == paused([f"something else {number}" for number in range(5)])


def test_what_was_too_slow_once_is_run_again():
    interpreter = own_scorer._interpreter()
    first_time, again = (interpreter.run(interpreter.root(), "import time\ntime.sleep(60)") for _ in range(2))
    assert (first_time.status, again.status) == ("timeout", "timeout")
    assert first_time is not again


def test_a_scorer_that_pays_any_answer_decides_nothing():
    problem = first("game_of_life_halting")  # compares bool(answer), which any text is
    assert grade(str(problem.answer), problem.answer).correct
    assert not grade({"True": "False", "False": "True"}[problem.answer], problem.answer).correct


def test_an_answer_that_is_code_is_not_run_and_not_right():
    problem = first("countdown")  # its scorer hands the answer to sympy's parse_expr
    numbers = str(problem.answer)
    started = time.perf_counter()
    for attack in (
        "__import__('os')._exit(0)",
        f"({numbers}) + 0*int(__import__('time').sleep(60) or 0)",
        "sin('print(1)')",
        f"[exit][0]() or {numbers}",
        f"9**9**9**9*0 + {numbers}",
    ):
        assert not grade(attack, problem.answer).correct, attack
    assert time.perf_counter() - started < 30
    assert grade(f"({numbers})", problem.answer).correct  # the scorer is still alive


@pytest.mark.parametrize(
    ("text", "dangerous"),
    [
        ("x**2*sin(x)/3 - 5*(x + 1.5) + C", False),
        ("[['Q', '_'], ['_', 'Q']]", False),
        ("log (x)", False),
        ("exit()", True),
        ("exit ()", True),
        ("exit\\\n()", True),
        ("(exit # a\n)()", True),
        ("ｅｘｉｔ()", True),
        ("sin('exit' '()')", True),
        ("(lambda: 1)", True),
        ("x.subs", True),
        ("[len := 0 for _ in [1]]", True),
        ("f'{exit()}'", True),
    ],
)
def test_calls_are_seen_however_they_are_written(text, dangerous):
    assert calls_something(text) is dangerous


def test_the_look_for_calls_is_linear():
    started = time.process_time()
    for text in ("a" * 100_000, "a " * 50_000, ")" * 100_000, " " * 100_000, "a." * 50_000):
        calls_something(text)
    assert time.process_time() - started < 2


# --- in the environment


def test_any_right_answer_earns_the_reward_and_the_reference_comes_after_the_end():
    env = MathReasoningEnv("reasoning-gym:countdown", size=3, split="test")
    _, info = env.reset(options={"index": 0})
    assert "reference" not in info and "judge" not in repr(env.get_state())
    answer = str(env.problems[0].answer)
    _, reward, terminated, _, info = env.step(answer_action("So.", f"({answer})"))
    assert (reward, terminated, info["reference"]) == (1.0, True, answer)


def test_the_environment_trains_on_the_training_split():
    assert MathReasoningEnv("reasoning-gym:gcd").problems.split == "train"


async def _graded(problem, answer):
    return await grade_async(answer, problem.answer)


def test_a_judged_answer_is_text_that_travels():
    import asyncio

    problem = first("sudoku")
    copies = [pickle.loads(pickle.dumps(problem)), copy.deepcopy(problem)]
    assert copies == [problem, problem]
    assert json.loads(json.dumps(asdict(problem)))["answer"] == str(problem.answer)
    for one in copies:
        assert grade(str(problem.answer), one.answer).correct and not grade("1", one.answer).correct
    assert asyncio.run(_graded(problem, str(problem.answer))).correct


def test_a_data_set_without_an_answer_of_its_own_says_so():
    problem = first("rush_hour")
    assert problem.answer == OPEN_ANSWER
    assert grade(OPEN_ANSWER, problem.answer).status == "wrong"
