"""mini-guess: right guesses print True, kept wrong ones print False and spoil the answer; nothing else tells them."""

import random
import re

import pytest

from amz_env.problems.base import Draft
from amz_env.problems.guess import FAMILIES, MISCONCEPTIONS
from amz_env.problems.guess.trial import divisors_near, guessed
from amz_env.problems.math.work import IMPORT
from amz_env.problems.students import Student
from amz_env.steps import parse_step
from tests.amz_env.problems.drawing import Drawing, run

DRAWING = Drawing(FAMILIES)
CASES, draw, asked, students = DRAWING.cases, DRAWING.draw, DRAWING.asked, DRAWING.students
DRAWS = 40
AFTER_THE_GUESS = {"answers-the-guess", "sum-for-product"}


def guesser(subject: str, level: int, index: int, accident: int = 0) -> Student:
    """A student that keeps whatever it guesses."""
    kept = frozenset(asked(subject, level, index)) - AFTER_THE_GUESS
    return Student(kept, rng=random.Random(f"{index} {accident}"))


def shown(draft: Draft) -> list[str]:
    """The words that the code prints, True and False among them."""
    return " ".join(step.output or "" for step in draft.steps).split()


def first_guess(draft: Draft) -> str:
    """The line of code that writes the first guess down."""
    return (draft.steps[0].code or "").split("\n")[0]


def ran_as_written(draft: Draft) -> bool:
    """Whether each step of code, run for real after the ones before it, prints what the draft says."""
    namespace: dict[str, object] = {}
    return all(run(step.code, namespace) == step.output for step in draft.steps if step.code is not None)


def test_every_level_has_three_families_or_more() -> None:
    for level in range(1, 6):
        assert sum(level in levels for _, levels in FAMILIES.values()) >= 3, level
    assert {level for _, level in CASES} == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(("subject", "level"), CASES)
def test_perfect_work_ends_with_the_answer_and_every_guess_fits(subject: str, level: int) -> None:
    for index in range(DRAWS):
        drawn = draw(subject, level, index)
        assert drawn.steps[-1].answer == drawn.answer
        assert "True" in shown(drawn) and "False" not in shown(drawn), drawn
        assert ran_as_written(drawn), drawn


@pytest.mark.parametrize(("subject", "level"), CASES)
def test_a_kept_guess_shows_and_leads_to_a_wrong_answer(subject: str, level: int) -> None:
    drafts = [draw(subject, level, index, guesser(subject, level, index)) for index in range(DRAWS)]
    failed = [drawn for drawn in drafts if "False" in shown(drawn)]
    assert len(failed) == DRAWS
    assert sum(drawn.steps[-1].answer != drawn.answer for drawn in failed) >= 0.9 * len(failed)
    assert all(map(ran_as_written, drafts))


@pytest.mark.parametrize(("subject", "level"), CASES)
def test_guesses_differ_from_student_to_student_and_the_right_one_is_not_among_them(subject: str, level: int) -> None:
    several = subject.startswith("clues/") and level in (1, 3, 5)  # where there is one other number
    for index in range(5):
        right = draw(subject, level, index)
        drafts = [draw(subject, level, index, guesser(subject, level, index, n)) for n in range(10)]
        assert {(drawn.question, drawn.answer) for drawn in drafts} == {(right.question, right.answer)}
        wrong = {first_guess(drawn) for drawn in drafts if "False" in shown(drawn)}
        assert first_guess(right) not in wrong
        several |= len(wrong) > 1
    assert several


@pytest.mark.parametrize("subject", FAMILIES)
def test_wrong_guesses_differ_from_problem_to_problem(subject: str) -> None:
    level = max(FAMILIES[subject][1])
    drafts = [draw(subject, level, index, guesser(subject, level, index)) for index in range(DRAWS)]
    assert len(set(map(first_guess, drafts))) >= 5


def test_guessed_takes_any_other_candidate_with_the_misconception_and_the_right_one_without() -> None:
    held = [Student(frozenset({"first-prime"}), rng=random.Random(n)) for n in range(DRAWS)]
    for right in (2, 3, 5, 7):
        assert {guessed(student, "first-prime", right, (2, 3, 5, 7)) for student in held} == {2, 3, 5, 7} - {right}
        assert {guessed(student, "hasty-pick", right, (2, 3, 5, 7)) for student in held} == {right}
        # the right one need not be listed, and where there is no other it is taken
        assert {guessed(student, "first-prime", right, (11, 13)) for student in held} == {11, 13}
        assert guessed(held[0], "first-prime", right, (right,)) == guessed(held[0], "first-prime", right, ()) == right


def test_candidates_for_a_factor_are_several_and_hold_the_right_one() -> None:
    for n, right in ((p * q, p) for p in range(2, 25) for q in range(p, 50)):
        candidates = divisors_near(n, right)
        assert right in candidates and 1 not in candidates and len(candidates) >= 2
        assert right == n // right or n // right not in candidates
        assert len(candidates) == len(set(candidates))


def test_families_ask_only_for_known_misconceptions_and_each_one_changes_an_answer() -> None:
    acted: set[str] = set()
    for subject, level in CASES:
        for index in range(8):
            names = asked(subject, level, index)
            assert len(set(names) - AFTER_THE_GUESS) <= 1 and set(names) <= set(MISCONCEPTIONS), (subject, names)
            for name in names:
                drawn = draw(subject, level, index, Student(frozenset({name})))
                if drawn.steps[-1].answer != drawn.answer:
                    acted.add(name)
    assert acted == set(MISCONCEPTIONS)


@pytest.mark.parametrize(("subject", "level"), CASES)
def test_all_students_write_short_steps_that_run(subject: str, level: int) -> None:
    for index in range(10):
        for student in students(subject, level, index):
            steps = draw(subject, level, index, student).steps
            assert 2 <= len(steps) <= 7
            assert [step.answer is None for step in steps] == [True] * (len(steps) - 1) + [False]
            assert ran_as_written(draw(subject, level, index, student))
            for step in steps:
                parsed = parse_step(step.action)
                assert (parsed.code, parsed.answer) == (step.code, step.answer)
                assert 1 <= len(step.text.split()) <= 20, step.text
                assert step.code is None or (IMPORT not in step.code and step.code.count("\n") <= 2), step.code


@pytest.mark.parametrize(("subject", "level"), CASES)
def test_questions_read_well_and_are_many(subject: str, level: int) -> None:
    drawn = [draw(subject, level, index).question for index in range(200)]
    questions = set(drawn)
    # of a pool of 200 questions, 200 draws would give about 127
    assert len(questions) >= 115
    assert len({re.sub(r"-?\d+", "#", question) for question in questions}) >= 3
    for question in questions:
        assert question[-1] in ".?" and question.count("$") % 2 == 0 and "  " not in question, question
        assert "+ -" not in question and "- -" not in question and "--" not in question, question
        assert not re.search(r"(?<![\d.^{])\b1x|\b0x|\+ 0\b|\b1 (?:dollars|eggs)", question), question
        assert len(question.split()) <= (60 if subject.startswith("clues/") else 40), question
