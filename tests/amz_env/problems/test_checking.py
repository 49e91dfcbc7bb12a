"""Students that check their work: the checks are right whatever the student got wrong, and change nothing else."""

import random
from dataclasses import replace

import pytest

from amz_env.interpreter import subset
from amz_env.problems import gsm, math
from amz_env.problems.base import Draft
from amz_env.problems.gsm.checking import inverse_of
from amz_env.problems.gsm.story import Story, find
from amz_env.problems.gsm.work import write
from amz_env.problems.students import Student, draw_student
from tests.amz_env.problems.drawing import Drawing, run

DRAWINGS = {"mini-gsm": Drawing(gsm.FAMILIES), "mini-math": Drawing(math.FAMILIES)}
CASES = [(name, *case) for name, drawing in DRAWINGS.items() for case in drawing.cases]


def both(name: str, subject: str, level: int, index: int, student: Student) -> tuple[Draft, Draft]:
    """Return the work of a student without checks and with them."""
    drafts = []
    for checks in (False, True):
        rng = random.Random(index)
        drafts.append(DRAWINGS[name].draw(subject, level, index, replace(student, checks=checks, rng=rng)))
    return drafts[0], drafts[1]


def checks_of(plain: Draft, checked: Draft) -> list[str]:
    """Return what the checks print, one word each."""
    pairs = zip(plain.steps, checked.steps, strict=True)
    return [word for one, two in pairs for word in (two.output or "")[len(one.output or "") :].split()]


@pytest.mark.parametrize(("name", "subject", "level"), CASES)
def test_checks_are_true_of_right_work_and_print_what_they_say(name: str, subject: str, level: int) -> None:
    for index in range(4):
        for student in DRAWINGS[name].students(subject, level, index):
            plain, checked = both(name, subject, level, index, student)
            namespace: dict[str, object] = {}
            for step in checked.steps:
                if step.code is not None:
                    assert run(step.code, namespace) == step.output, step
            words = checks_of(plain, checked)
            assert set(words) <= {"True", "False"}
            if not student.misconceptions and not student.slip:
                assert "False" not in words, checked


@pytest.mark.parametrize(("name", "subject", "level"), CASES)
def test_checks_stand_below_the_work_and_change_nothing_else(name: str, subject: str, level: int) -> None:
    for index in range(10):
        for student in DRAWINGS[name].students(subject, level, index):
            plain, checked = both(name, subject, level, index, student)
            assert (plain.question, plain.answer) == (checked.question, checked.answer)
            for one, two in zip(plain.steps, checked.steps, strict=True):
                assert (one.text, one.answer) == (two.text, two.answer)
                if two.code is not None and two.code != one.code:
                    added = two.code.removeprefix(f"{one.code}\n")
                    assert added.startswith("print(") and "\n" not in added and len(added) <= 220


@pytest.mark.parametrize("name", DRAWINGS)
def test_most_wrong_work_fails_a_check(name: str) -> None:
    wrong = shown = 0
    drawing = DRAWINGS[name]
    for subject, level in drawing.cases:
        for index in range(6):
            for misconception in drawing.asked(subject, level, index):
                plain, checked = both(name, subject, level, index, Student(frozenset({misconception})))
                if checked.steps[-1].answer != drawing.draw(subject, level, index).steps[-1].answer:
                    wrong += 1
                    shown += "False" in checks_of(plain, checked)
    assert wrong > 300
    assert shown > 0.7 * wrong


def is_plain(draft: Draft) -> bool:
    """Return whether the code runs in the interpreter's fast lane."""
    scope, earlier = subset.Scope(), ""
    try:
        for code in (step.code for step in draft.steps if step.code is not None):
            scope = subset.check(code, scope, earlier)
            earlier += f"{code}\n"
    except subset.NotPlain:
        return False
    return True


@pytest.mark.parametrize(("name", "subject", "level"), CASES)
def test_checks_do_not_slow_the_work_down(name: str, subject: str, level: int) -> None:
    for index in range(4):
        plain, checked = both(name, subject, level, index, Student())
        assert is_plain(checked) or not is_plain(plain), checked


def test_the_inverse_of_each_operation() -> None:
    said = {
        "mia + 3": "tom - 3 == mia",
        "mia - 3": "tom + 3 == mia",
        "3 * mia": "tom / 3 == mia",
        "mia // 3": "tom * 3 == mia",
        "54 % 7": "(54 - tom) % 7 == 0",
        "mia * 3 + 5": "tom - 5 == mia * 3",
        "20 - (mia + 3)": "tom + (mia + 3) == 20",
    }
    for formula, condition in said.items():
        inverse = inverse_of("tom", formula)
        assert inverse is not None and inverse.condition(frozenset(), {}) == condition
    assert inverse_of("tom", "67") is None
    changed = inverse_of("tom", "tom + 16")
    assert changed is not None and changed.condition(frozenset({"tom"}), {"tom": 58}) == "tom - 16 == 58"


def test_what_a_student_leaves_out_is_still_true() -> None:
    moves = (
        find("tom", "mia * 3", ("Tom.",), given=(("mia", "4"),), wrong=(("times-as-plus", "mia + 3"),)),
        find("ana", "tom - 2", ("Ana.",), wrong=(("keyword-not-inverted", None),)),
        find("both", "tom + mia", ("Both.",), wrong=(("total-skips-first", "mia"),)),
    )
    story = Story("Mia has 4, Tom 3 times as many.", 16, "both", moves, ("So.",))
    for held, shown in ((frozenset[str](), "True True True"), (frozenset({"keyword-not-inverted"}), "True True")):
        steps = write(story, Student(held, checks=True)).steps
        plain = write(story, Student(held)).steps
        assert " ".join(word for word in checks_of(Draft("", "", plain), Draft("", "", steps))) == shown


def test_a_share_of_the_students_checks() -> None:
    rng = random.Random(0)
    drawn = [draw_student(rng, {}, 0.0, 0.3).checks for _ in range(1000)]
    assert 250 < sum(drawn) < 350
    assert not draw_student(rng, {}, 0.0).checks
