"""mini-gsm: the work runs, the answers are right, the questions make sense, the misconceptions act."""

import contextlib
import io
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

import pytest

from amz_env.problems.base import Draft, WrittenStep, rng_of
from amz_env.problems.gsm import FAMILIES, MISCONCEPTIONS, phrases
from amz_env.problems.gsm.families import comparisons, durations, transfers, unknown_back
from amz_env.problems.gsm.story import OPERATIONS, Story
from amz_env.problems.gsm.things import GOODS
from amz_env.problems.gsm.work import MAX_STEPS
from amz_env.problems.students import Student, draw_student, perfect
from amz_env.steps import parse_step

CASES = [(subject, level) for subject, (_, levels) in FAMILIES.items() for level in sorted(levels)]
PARTS = {"half": 2, "a third": 3, "a quarter": 4, "a fifth": 5}


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


@pytest.mark.parametrize(("subject", "level"), CASES)
def test_shape_of_steps(subject: str, level: int) -> None:
    for index in range(60):
        for step in draw(subject, level, index, wrong_student(index)).steps:
            parsed = parse_step(step.action)
            assert parsed.kind == ("answer" if step.code is None else "code"), step
            assert len(step.text.split()) <= 28, step.text
            if step.code is not None:
                assert 1 <= len(step.code.splitlines()) <= 4, step.code
                assert "import" not in step.code
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
    assert {story.operations for story in stories} <= set(OPERATIONS[level])


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


# Below, questions are read again from their text alone and worked by other means than the families' own.


def pattern(template: str, **fixed: str) -> re.Pattern[str]:
    """Turn a sentence pattern into an expression that reads it: each field is a group."""
    fields = {"n": r"\d+", "times": r"twice|\d+ times", "part": "|".join(PARTS), "these": ".+?"}
    fields |= {"has": "has|picked|baked|sold", "have": "have|pick|bake|sell", "does": "does|did", "do": "do|did"}
    source, seen = "", set()
    for piece in re.split(r"(\{\w+\})", template):
        name = piece[1:-1] if piece.startswith("{") else ""
        if not name:
            source += re.escape(piece)
        elif name in seen:
            source += f"(?P={name})"
        else:
            seen.add(name)
            source += f"(?P<{name}>{fixed.get(name) or fields.get(name, '[A-Za-z]+')})"
    return re.compile(source)


Fact = tuple[str, dict[str, str]]


def read(question: str, theme: phrases.Patterns) -> tuple[list[Fact], Fact]:
    """Read a question's sentences: (the facts, what is asked), each as (kind, fields)."""
    facts: list[Fact] = []
    asked: Fact | None = None
    for sentence in re.findall(r"[^.?]+[.?]", question):
        if "cousins" in sentence:
            continue
        for kind, templates in theme.items():
            for match in filter(None, (pattern(template).fullmatch(sentence.strip()) for template in templates)):
                if kind.startswith("ask_"):
                    asked = kind, match.groupdict()
                else:
                    facts.append((kind, match.groupdict()))
    assert asked is not None, question
    return facts, asked


def factor(fields: dict[str, str]) -> int:
    words = fields["times"]
    return 2 if words == "twice" else int(words.split()[0])


def holds(kind: str, fields: dict[str, str], value: dict[str, int]) -> bool:
    """Return whether values fit a fact."""
    a, b = value[fields["a"]], value.get(fields.get("b", ""), 0)
    n = int(fields.get("n") or 0)
    match kind:
        case "base":
            return a == n
        case "more":
            return a == b + n
        case "fewer":
            return a == b - n
        case "times":
            return a == factor(fields) * b
        case "part":
            return a * PARTS[fields["part"]] == b
        case "more_times":
            return a == factor(fields) * b + n
        case "fewer_times":
            return a == factor(fields) * b - n
        case _:
            return a == b + value[fields["c"]]


def solve(facts: list[Fact]) -> dict[str, int]:
    """Find the values by trying all numbers for the one that is unknown in a fact, again and again."""
    value: dict[str, int] = {}
    for _ in range(len(facts)):
        for kind, fields in facts:
            unknown = {fields[key] for key in "abc" if key in fields} - value.keys()
            if len(unknown) == 1:
                name = unknown.pop()
                fitting = [k for k in range(1, 3000) if holds(kind, fields, value | {name: k})]
                if fitting:
                    assert len(fitting) == 1
                    value[name] = fitting[0]
    return value


def answer_of(asked: Fact, value: dict[str, int]) -> int:
    kind, fields = asked
    match kind:
        case "ask_one":
            return value[fields["a"]]
        case "ask_all":
            return sum(value.values())
        case "ask_total":
            return sum(value[name.removeprefix("the ")] for name in re.split(r", | and ", fields["these"]))
        case "ask_difference":
            return value[fields["a"]] - value[fields["b"]]
        case _:
            quotient, rest = divmod(value[fields["a"]], value[fields["b"]])
            assert rest == 0
            return quotient


def themes() -> Iterator[phrases.Patterns]:
    yield from (phrases.MONEY, phrases.COUNT, phrases.AGE, phrases.LENGTH, phrases.DAY)


def theme_of(question: str) -> phrases.Patterns:
    """Return the theme whose patterns read the question."""
    for theme in themes():
        if any(pattern(t).search(question) for key in theme if key.startswith("ask_") for t in theme[key]):
            return theme
    raise AssertionError(question)


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_comparisons_read_from_their_text(level: int) -> None:
    for index in range(20):
        draft = draw("comparisons", level, index)
        last = re.split(r"(?<=[.?]) ", draft.question)[-1]
        facts, asked = read(draft.question, theme_of(last))
        assert answer_of(asked, solve(facts)) == int(draft.answer), draft.question


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_durations_read_from_their_text(level: int) -> None:
    asks = {kind: list(patterns) for kind, patterns in phrases.TIME.items()}
    checked = 0
    for index in range(40):
        draft = draw("time", level, index)
        if any(words in draft.question for words in ("hours", " days", "pauses")):
            continue
        facts, asked = read(draft.question, asks)  # type: ignore[arg-type]
        assert answer_of(asked, solve(facts)) == int(draft.answer), draft.question
        checked += 1
    assert checked > 5
    assert durations.durations is FAMILIES["time"][0] and comparisons.comparisons is FAMILIES["comparisons"][0]


def amount(words: str, have: int) -> int:
    return have // PARTS[words] if words in PARTS else int(words)


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_transfers_read_from_their_text(level: int) -> None:
    rules = [
        *((t, "start") for t in transfers.START),
        *((t, "gift") for t in (*transfers.GIFT, *transfers.PART_GIFT)),
        *((t, "loss") for t in transfers.LOSS),
        *((t, "gain") for t in transfers.GAIN),
        *((t, "ask_one") for t in transfers.ASK_ONE),
        *((t, "ask_difference") for t in transfers.ASK_DIFFERENCE),
        *((t, "ask_total") for t in transfers.ASK_TOTAL),
    ]
    compiled = [(pattern(t), kind) for t, kind in rules]
    for index in range(40):
        draft = draw("transfers", level, index)
        have: dict[str, int] = {}
        found = None
        for sentence in re.findall(r"[^.?]+[.?]", draft.question):
            plain = re.sub(r"^(Then|After that,|Later|At last) ", "", sentence.strip())
            match, kind = next(((m, kind) for p, kind in compiled if (m := p.fullmatch(plain))), (None, ""))
            if match is None or "cousins" in sentence or "at home" in sentence:
                continue
            fields = match.groupdict()
            if kind == "start" and fields["a"] not in have:
                have[fields["a"]] = int(fields["n"])
            elif kind.startswith("ask_"):
                found = answer_of((kind, fields), have)
            else:
                n = amount(fields.get("part") or fields["n"], have[fields["a"]])
                have[fields["a"]] += n if kind == "gain" else -n
                if kind == "gift":
                    have[fields["b"]] += n
        assert found == int(draft.answer), draft.question


def test_working_back_by_trying_all_starts() -> None:
    checked = 0
    for level in (1, 2, 3, 4):
        for index in range(80):
            draft = draw("unknown-start", level, index)
            if "some" not in draft.question and "a number of" not in draft.question:
                continue
            starts = [start for start in range(1, 200) if forward(draft.question, start)]
            assert starts == [int(draft.answer)], draft.question
            checked += 1
    assert checked > 30
    assert unknown_back.KINDS


def forward(question: str, start: int) -> bool:
    """Return whether the story of an unknown start ends as told if it starts with `start`."""
    have = start
    for sentence in re.findall(r"[^.?]+[.?]", question)[1:-2]:
        number = re.search(r"\d+", sentence)
        n = int(number.group()) if number else 2
        if "half" in sentence:
            if have % 2:
                return False
            have //= 2
        elif "times" in sentence or "twice" in sentence:
            have *= n
        elif re.search(r"finds|buys|gets", sentence):
            have += n
        else:
            have -= n
        if have < 0:
            return False
    end = re.search(r"\d+", re.findall(r"[^.?]+[.?]", question)[-2])
    assert end is not None
    return have == int(end.group())
