"""mini-gsm: the work runs, the answers are right, the questions make sense, the misconceptions act."""

import contextlib
import io
import random
import re
import sys
from collections import Counter
from typing import ClassVar

import pytest

from amz_env.problems.base import Draft, WrittenStep, rng_of
from amz_env.problems.gsm import FAMILIES, MISCONCEPTIONS, phrases
from amz_env.problems.gsm.equations import solve_facts
from amz_env.problems.gsm.graph import Graph, Relation, equations
from amz_env.problems.gsm.story import OPERATIONS, Story, find
from amz_env.problems.gsm.things import GOODS
from amz_env.problems.gsm.work import MAX_STEPS
from amz_env.problems.students import Student, draw_student, perfect
from amz_env.steps import parse_step

CASES = [(subject, level) for subject, (_, levels) in FAMILIES.items() for level in sorted(levels)]


def draw(subject: str, level: int, index: int, student: Student | None = None) -> Draft:
    return FAMILIES[subject][0](rng_of(subject, level, index), level, student or perfect(random.Random(index)))


def wrong_student(index: int, share: float = 0.15, slip: float = 0.05) -> Student:
    return draw_student(random.Random(index), dict.fromkeys(MISCONCEPTIONS, share), slip)


def run(code: str, namespace: dict[str, object]) -> str:
    """Run one code step as the environment does: what it prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, namespace)
    return printed.getvalue().removesuffix("\n")


def code_steps(draft: Draft) -> tuple[WrittenStep, ...]:
    return tuple(step for step in draft.steps if step.code is not None)


@pytest.mark.parametrize(("subject", "level"), CASES)
def test_the_work_prints_what_it_says_and_ends_with_the_answer(subject: str, level: int) -> None:
    for index in range(60):
        for student in (None, wrong_student(index)):
            draft = draw(subject, level, index, student)
            namespace: dict[str, object] = {}
            for step in code_steps(draft):
                assert run(step.code or "", namespace) == step.output, draft
            assert draft.steps[-1].answer is not None
            assert all(step.answer is None for step in draft.steps[:-1])
            if student is None:
                assert draft.steps[-1].answer == draft.answer


@pytest.mark.parametrize(("subject", "level"), CASES)
def test_right_work_has_no_warning_signs(subject: str, level: int) -> None:
    for index in range(100):
        draft = draw(subject, level, index)
        assert re.fullmatch(r"[1-9]\d*", draft.answer)
        for step in code_steps(draft):
            assert "-" not in (step.output or "") and "False" not in (step.output or ""), draft
        assert 1 <= len(code_steps(draft)) <= MAX_STEPS


def test_comparisons_are_written_down_in_the_order_of_the_text() -> None:
    relations = [
        Relation("more", "B", "A", n=5, sought="B"),
        Relation("times", "C", "B", k=2, sought="C"),
        Relation("fewer", "C", "D", n=3, sought="D"),
    ]
    theme = phrases.draw_theme(random.Random(0))
    graph = Graph(theme, {"A": 10, "B": 15, "C": 30, "D": 33}, relations)
    sentences = ["About A.", "About B.", "About C.", "About D."]
    extra = (Relation("part", "E", "A", k=2, sought="E"), "About E.")
    shown = ["About D.", "About E.", "Aside.", "About C.", "About B.", "About A."]
    written = equations(graph, sentences, shown, [extra])
    assert [(move.texts, move.lets) for move in written] == [
        (("About D.",), (("c", "d - 3"),)),
        (("About E.",), (("e", "a / 2"),)),
        (("About C.",), (("c", "b * 2"),)),
        (("About B.",), (("b", "a + 5"),)),
        (("About A.",), (("a", "10"),)),
    ]
    assert solve_facts(written) == {"a": 10, "b": 15, "c": 30, "d": 33, "e": 5}


def test_facts_that_do_not_hang_together_are_not_solved() -> None:
    alone = find("c", "d + 1", ("About C.",))
    with pytest.raises(ValueError, match="do not hang together"):
        solve_facts([find("a", "10", ("About A.",)), alone])


@pytest.mark.parametrize(("subject", "level"), CASES)
def test_shape_of_steps(subject: str, level: int) -> None:
    for index in range(60):
        for step in draw(subject, level, index, wrong_student(index)).steps:
            parsed = parse_step(step.action)
            assert parsed.kind == ("answer" if step.code is None else "code"), step
            assert len(step.text.split()) <= 45, step.text  # the work quotes what it reads
            if step.code is not None:
                assert 1 <= len(step.code.splitlines()) <= 4, step.code
                assert "import" not in step.code or subject in ("comparisons", "time")
                assert step.output


@pytest.mark.parametrize(("subject", "level"), CASES)
def test_the_question_does_not_depend_on_the_student(subject: str, level: int) -> None:
    for index in range(60):
        right, wrong = draw(subject, level, index), draw(subject, level, index, wrong_student(index, 0.5, 0.3))
        assert (right.question, right.answer) == (wrong.question, wrong.answer)


@pytest.mark.parametrize("subject", FAMILIES)
def test_draws_are_deterministic(subject: str) -> None:
    for index in range(30):
        assert draw(subject, 3, index, wrong_student(index)) == draw(subject, 3, index, wrong_student(index))


@pytest.mark.parametrize("subject", FAMILIES)
def test_questions_differ(subject: str) -> None:
    questions = {draw(subject, level, index).question for level in (1, 2, 3) for index in range(200)}
    assert len(questions) > 590


@pytest.fixture
def stories(monkeypatch: pytest.MonkeyPatch) -> list[Story]:
    """The stories that the families draw, gathered on the way to the writer."""
    gathered: list[Story] = []
    for name, module in list(sys.modules.items()):
        if name.startswith("amz_env.problems.gsm.families.") and hasattr(module, "write"):
            write = module.write

            def spy(story: Story, student: Student, write=write) -> Draft:  # type: ignore[no-untyped-def]
                gathered.append(story)
                return write(story, student)

            monkeypatch.setattr(module, "write", spy)
    return gathered


@pytest.mark.parametrize(("subject", "level"), CASES)
def test_levels_are_needed_operations(subject: str, level: int, stories: list[Story]) -> None:
    for index in range(100):
        draw(subject, level, index)
    assert len(stories) == 100
    assert {story.operations for story in stories} == set(OPERATIONS[level])


class Listening(Student):
    """A perfect student that remembers where a misconception could have acted."""

    asked: ClassVar[Counter[str]] = Counter()

    def holds(self, misconception: str) -> bool:
        self.asked[misconception] += 1
        return False


def test_families_ask_for_the_listed_misconceptions_only_and_for_all_of_them() -> None:
    Listening.asked = Counter()
    for subject, level in CASES:
        for index in range(60):
            draw(subject, level, index, Listening(rng=random.Random(index)))
    assert set(Listening.asked) == set(MISCONCEPTIONS)
    assert 10 <= len(MISCONCEPTIONS) <= 25


@pytest.mark.parametrize("name", MISCONCEPTIONS)
def test_each_misconception_changes_answers(name: str) -> None:
    changed = 0
    for subject, level in CASES:
        for index in range(25):
            student = Student(frozenset({name}), 0.0, random.Random(index))
            draft = draw(subject, level, index, student)
            changed += draft.steps[-1].answer != draft.answer
    assert changed >= 5


def shows(draft: Draft) -> bool:
    """Return whether the output of the work warns: a negative number, a failed check, a remainder, no candidate."""
    return any(
        bool(re.search(r"-\d|False|\[\]", step.output or ""))
        or (" % " in (step.code or "").splitlines()[-1] and not (step.output or "").endswith("0"))
        for step in code_steps(draft)
    )


def test_a_good_share_of_the_errors_shows() -> None:
    wrong = shown = 0
    for subject, level in CASES:
        for index in range(40):
            draft = draw(subject, level, index, wrong_student(index, 0.08, 0.02))
            if draft.steps[-1].answer != draft.answer:
                wrong += 1
                shown += shows(draft)
    assert shown > 0.3 * wrong


SLIPS = re.compile(
    r"[{}]|  | \.|\.\.|(?<!\$)\b1 (?!more|fewer)[a-z]+s\b|\ba [aeio]|\ban (?!hour)[^aeio]|\$\D|\b(\w+) \1\b",
)


@pytest.mark.parametrize(("subject", "level"), CASES)
def test_language(subject: str, level: int) -> None:
    for index in range(150):
        draft = draw(subject, level, index)
        for text in (draft.question, *(step.text for step in draft.steps)):
            assert not SLIPS.search(text), text
            assert text[0].isupper() or text[0].isdigit() or text[0] == "$", text
            assert all(part[0].isupper() or part[0].isdigit() for part in re.split(r"[.?] ", text)), text
        assert draft.question.endswith(("?", "."))
        assert 12 <= len(draft.question.split()) <= 130


def test_there_are_many_sentence_patterns() -> None:
    themes = (phrases.COUNT, phrases.MONEY, phrases.AGE, phrases.LENGTH, phrases.DAY, phrases.TIME)
    in_themes = sum(len(patterns) for theme in themes for patterns in theme.values())
    elsewhere = sum(
        len(value)
        for name, module in sys.modules.items()
        if name.startswith("amz_env.problems.gsm.families.")
        for key, value in vars(module).items()
        if key.isupper() and isinstance(value, tuple) and all(isinstance(item, str) and " " in item for item in value)
    )
    assert in_themes >= 60
    assert elsewhere >= 60


def test_vocabulary_is_limited() -> None:
    words = Counter(
        word.strip(".,?:$%'").lower()
        for subject, level in CASES
        for index in range(60)
        for word in draw(subject, level, index).question.split()
    )
    assert sum(not word.isdigit() for word in words) < 600
    assert len(GOODS) >= 15
