"""mini-gaokao: new templates in the language of the sets trained on, work that runs, and no training split."""

import random
import re
from functools import cache
from itertools import product

import pytest

from amz_env import MathReasoningEnv, Problem, load_problems
from amz_env.env import resolve_problems
from amz_env.problems import GeneratedProblems, families
from amz_env.problems.base import Draft, normalize_question, rng_of, split_of
from amz_env.problems.gaokao import FAMILIES, MISCONCEPTIONS
from amz_env.problems.generated import TRAINING_SETS
from amz_env.problems.math.work import IMPORT
from amz_env.problems.students import Student, draw_student, perfect
from amz_env.steps import parse_step
from amz_env.testing import ProblemSourceContract, replay
from tests.amz_env.problems.drawing import Drawing, run

DRAWING = Drawing(FAMILIES)
QUOTING = ("deeper/quantities", "deeper/time")
CASES, draw, asked, students = DRAWING.cases, DRAWING.draw, DRAWING.asked, DRAWING.students


class TestMiniGaokao(ProblemSourceContract):
    def make_source(self) -> GeneratedProblems:
        return load_problems("mini-gaokao", split="test", size=10, seed=13)


def masked(question: str) -> str:
    return re.sub(r"-?\d+", "#", question)


@cache
def training_drafts() -> tuple[Draft, ...]:
    """Drafts of every family and level of the sets that are trained on."""
    cases = [(s, family, level) for s in TRAINING_SETS for family, levels in families(s).values() for level in levels]
    return tuple(
        family(rng_of("seen", name, number, index), level, perfect(random.Random(index)))
        for (number, (name, family, level)), index in product(enumerate(cases), range(8))
    )


def test_every_level_and_many_families() -> None:
    assert len(FAMILIES) >= 20
    assert len({subject.split("/")[0] for subject in FAMILIES}) >= 6
    for level in range(1, 6):
        assert sum(level in levels for _, levels in FAMILIES.values()) >= 10


@pytest.mark.parametrize("subject", FAMILIES)
def test_code_prints_what_the_step_says(subject: str) -> None:
    for level, index in product(sorted(FAMILIES[subject][1]), range(2)):
        for student in students(subject, level, index):
            namespace: dict[str, object] = {}
            for step in draw(subject, level, index, student).steps:
                if step.code is not None:
                    assert run(step.code, namespace) == step.output, step


def test_the_oracle_replays_every_family_to_a_reward_of_one() -> None:
    problems = []
    for subject, (_, levels) in FAMILIES.items():
        level = max(levels)
        drawn = draw(subject, level, 99)
        solution = tuple(step.action for step in drawn.steps)
        problems.append(Problem(f"{subject}:{level}", drawn.question, drawn.answer, "", subject, level, solution))
    env = MathReasoningEnv(problems)
    assert [p.id for i, p in enumerate(problems) if replay(env, i, p.solution) != 1.0] == []


@pytest.mark.parametrize("subject", FAMILIES)
def test_perfect_work_ends_with_the_answer_and_shows_no_failed_check(subject: str) -> None:
    for level, index in product(sorted(FAMILIES[subject][1]), range(20)):
        drawn = draw(subject, level, index)
        assert drawn.steps[-1].answer == drawn.answer
        assert "False" not in " ".join(step.output or "" for step in drawn.steps), drawn


@pytest.mark.parametrize("subject", FAMILIES)
def test_students_change_the_work_only_and_write_well_formed_steps(subject: str) -> None:
    for level, index in product(sorted(FAMILIES[subject][1]), range(6)):
        drafts = [draw(subject, level, index, student) for student in students(subject, level, index)]
        assert len({(drawn.question, drawn.answer) for drawn in drafts}) == 1
        assert drafts[0] == draw(subject, level, index, Student(rng=random.Random(index)))
        assert len(drafts[0].steps) >= 2
        for drawn in drafts:
            assert len(drawn.steps) <= 8
            assert [step.answer is None for step in drawn.steps] == [True] * (len(drawn.steps) - 1) + [False]
            assert sum((step.code or "").count(IMPORT) for step in drawn.steps) <= 1
            for step in drawn.steps:
                parsed = parse_step(step.action)
                assert (parsed.code, parsed.answer) == (step.code, step.answer)
                assert 1 <= len(step.text.split()) <= (45 if subject in QUOTING else 20), step.text
                assert step.code is None or len(step.code.removeprefix(f"{IMPORT}\n").split("\n")) <= 4, step.code


@pytest.mark.parametrize(("subject", "level"), CASES)
def test_every_family_has_a_misconception_that_leads_astray(subject: str, level: int) -> None:
    astray = set()
    for index in range(12):
        names = asked(subject, level, index)
        assert set(names) <= set(MISCONCEPTIONS)
        for name in names:
            drawn = draw(subject, level, index, Student(frozenset({name})))
            if drawn.steps[-1].answer != drawn.answer:
                astray.add(name)
    assert astray


@pytest.mark.parametrize(("subject", "level"), CASES)
def test_questions_read_well_and_are_many(subject: str, level: int) -> None:
    drawn = [draw(subject, level, index).question for index in range(120)]
    questions = set(drawn)
    # of a pool of 500 questions, 120 draws repeat 14 on average
    assert len(drawn) - len(questions) <= 14
    assert len({masked(question) for question in questions}) >= 3
    for question in questions:
        assert question[-1] in ".?", question
        assert question.count("$") % 2 == 0 or subject in QUOTING, question  # there they are dollars
        assert "  " not in question and "...." not in question, question
        assert "+ -" not in question and "- -" not in question and "--" not in question, question
        assert not re.search(r"(?<![\d.^{])\b1x|\b0x|\+ 0\b|\b1 (?:feet|years|hours|dollars)", question), question
        assert len(question.split()) <= (160 if subject in QUOTING else 80 if subject.startswith("clues/") else 70), (
            question
        )


def test_answers_of_several_kinds() -> None:
    answers = [draw(subject, level, index).answer for subject, level in CASES for index in range(6)]
    kinds = {
        "integer": r"-?\d+",
        "fraction": r"-?\\frac\{\d+\}\{\d+\}",
        "radical": r"\d*\\sqrt\{\d+\}",
        "several": r"-?\d+, -?\d+",
        "set": r"\\\{-?\d+(, -?\d+)*\\\}",
        "pair": r"\(-?\d+, -?\d+\)",
        "interval": r"[\[(]-?\d+, -?\d+[\])]",
        "complex": r"-?\d+ [+-] \d*i",
        "multiple of pi": r"\d*\\pi",
    }
    for kind, pattern in kinds.items():
        assert any(re.fullmatch(pattern, answer) for answer in answers), kind


def test_templates_are_new_but_the_words_are_known() -> None:
    templates, known = set(), set()
    for drawn in training_drafts():
        templates.add(masked(drawn.question))
        known.update(re.findall(r"[a-z]+", " ".join([drawn.question, *(s.text for s in drawn.steps)]).lower()))
    questions = [draw(subject, level, index).question for subject, level in CASES for index in range(10)]
    assert not templates & set(map(masked, questions))
    words = [word for question in questions for word in re.findall(r"[a-z]+", question.lower())]
    assert sum(word in known for word in words) >= 0.95 * len(words)


@pytest.mark.parametrize("make", [load_problems, GeneratedProblems])
def test_it_is_never_trained_on(make: type[GeneratedProblems]) -> None:
    with pytest.raises(ValueError, match="mini-gaokao is never trained on: it has the splits validation and test"):
        make("mini-gaokao", split="train")
    assert "mini-gaokao" not in TRAINING_SETS
    # an environment trains by default, and tests with this set
    assert resolve_problems("mini-gaokao", None, 5, 0, None)[4].id == "mini-gaokao:test:0:4"
    assert resolve_problems("mini-math", None, 5, 0, None)[4].id == "mini-math:train:0:4"


def test_validation_and_test_are_disjoint_and_cover_all_levels() -> None:
    found = {split: load_problems("mini-gaokao", split=split, size=120)[:] for split in ("validation", "test")}
    for split, problems in found.items():
        assert {split_of(problem.question) for problem in problems} == {split}
        assert all([problem.level for problem in problems].count(level) > 10 for level in range(1, 6))
    one, other = ({normalize_question(problem.question) for problem in problems} for problems in found.values())
    assert not one & other
    chosen = load_problems("mini-gaokao", size=20, level=[2, 4])[:]
    assert {problem.level for problem in chosen} == {2, 4}


def test_work_is_the_same_problem_in_the_students_own_words() -> None:
    source = load_problems("mini-gaokao", size=60)
    wrong = 0
    for i in range(60):
        drawn = source.work(i, draw_student(random.Random(i), dict.fromkeys(MISCONCEPTIONS, 0.5), slip=0.2))
        assert (drawn.question, drawn.answer) == (source[i].question, source[i].answer)
        wrong += drawn.steps[-1].answer != drawn.answer
    assert wrong >= 30
