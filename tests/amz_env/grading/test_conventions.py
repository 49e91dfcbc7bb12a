"""The conventions of docs/grading.md, pair by pair, and as properties of random answers."""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amz_env.grading import Grade
from amz_env.grading import grade as grade_with_deadline

PROPERTY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def grade(prediction: str, reference: str) -> Grade:
    """Grade with all the time it takes: this file is about verdicts, on machines of any load."""
    return grade_with_deadline(prediction, reference, deadline=20)


class Pair(NamedTuple):
    kind: str
    equal: bool
    gold: str
    pred: str


PAIRS = [
    Pair(**json.loads(line)) for line in Path(__file__).with_name("pairs.jsonl").read_text("utf-8").strip().split("\n")
]
KINDS = sorted({pair.kind for pair in PAIRS})

# Where the sides differ: a lower-case letter in the reference is a variable, in a prediction it may be a choice; square
# brackets in the reference are an interval or have an order, in a prediction they may be how a program prints a list.
ONE_WAY = [
    Pair("text", True, r"\text{B}", "b"),
    Pair("various", True, "A", "(a)"),
    Pair("negatives", False, "[1,2]", "1,2"),
    Pair("negatives", False, "[1,2,3]", "3,2,1"),
]
PRINTED = [("[2, 3]", "2, 3"), ("[3, 2]", r"\{2,3\}"), ("[1, 2, 3]", "3, 1, 2"), ("[3, 1, 2]", "1 and 2 and 3")]


@pytest.mark.parametrize("kind", KINDS)
def test_grade_follows_the_conventions(kind: str) -> None:
    grades = [(pair, grade(pair.pred, pair.gold)) for pair in PAIRS if pair.kind == kind]
    assert not [(pair, one) for pair, one in grades if one.correct != pair.equal or one.status == "unknown"]


@pytest.mark.parametrize(("pred", "gold"), PRINTED)
def test_a_list_as_programs_print_it_has_no_order_where_the_reference_has_none(pred: str, gold: str) -> None:
    assert grade(pred, gold).correct
    assert not grade(pred.replace("3", "4"), gold).correct


@pytest.mark.parametrize("kind", KINDS)
def test_grade_is_symmetric(kind: str) -> None:
    swapped = [pair for pair in PAIRS if pair.kind == kind and pair not in ONE_WAY]
    assert not [pair for pair in swapped if grade(pair.gold, pair.pred).correct != pair.equal]


# Random answers of many kinds, as (LaTeX, plain) spellings of the same value.

_integers = st.integers(-(10**12), 10**12)
_small = st.integers(1, 99)


def _fraction(top: int, bottom: int) -> str:
    return rf"\frac{{{top}}}{{{bottom}}}"


answers = st.one_of(
    _integers.map(str),
    st.decimals(-1000, 1000, places=3).map(lambda d: f"{d:f}"),
    st.builds(_fraction, st.integers(-99, 99), _small),
    st.builds(lambda a, b: rf"{a}\sqrt{{{b}}}", _small, _small),
    st.builds(lambda a, b: f"({a}, {b})", _small, _small),
    st.builds(lambda a, b: rf"\{{{a}, {b}\}}", _small, _small),
    st.builds(lambda a, b: f"[{a}, {a + b})", _small, _small),
    st.builds(lambda a, b: f"x^2 + {a}x - {b}", _small, _small),
    st.builds(lambda a, b: f"{a} + {b}i", _small, _small),
    st.builds(lambda a: rf"{a}\pi", _small),
    st.builds(lambda a, b: rf"{a}\frac{{{b}}}{{{b + 1}}}", _small, _small),
    st.builds(lambda a: rf"{a}\%", _small),
    st.sampled_from(["B", r"\text{even}", "Tuesday", r"\infty", r"\emptyset", "3:30 PM", "1011_2"]),
)


@PROPERTY
@given(answers)
def test_grade_is_reflexive(answer: str) -> None:
    assert grade(answer, answer).correct
    assert grade(f" {answer} ", f"${answer}$").correct


REWRITINGS = {
    "dollars": lambda a: f"${a}$",
    "double dollars": lambda a: f"$${a}$$",
    "parentheses of LaTeX": lambda a: rf"\({a}\)",
    "box": lambda a: rf"\boxed{{{a}}}",
    "bold": lambda a: f"**{a}**",
    "spaces": lambda a: f"  {a.replace('+', ' + ').replace(',', ' ,  ')} ",
    "period": lambda a: f"{a}.",
    "dfrac": lambda a: a.replace(r"\frac", r"\dfrac"),
    "left and right": lambda a: a.replace("(", r"\left(").replace(")", r"\right)"),
    "thin spaces": lambda a: a.replace(" ", r"\, "),
    "minus sign": lambda a: a.replace("-", "−"),
    "lead": lambda a: f"The answer is {a}",
    "new lines": lambda a: f"\n{a}\r\n",
}


@pytest.mark.parametrize("name", REWRITINGS)
@settings(PROPERTY, max_examples=25)
@given(answer=answers)
def test_grade_ignores_harmless_rewriting(name: str, answer: str) -> None:
    assert grade(REWRITINGS[name](answer), answer).correct


UNITS = st.sampled_from(["cm", r"\text{ cm}", " apples", r"\,\mathrm{kg}", " dollars", r"^\circ", r"\text{ square ft}"])


@PROPERTY
@given(_integers, UNITS)
def test_grade_ignores_a_unit(number: int, unit: str) -> None:
    assert grade(f"{number}{unit}", str(number)).correct
    assert grade(str(number), f"{number}{unit}").correct


@PROPERTY
@given(answers, st.data())
def test_grade_rejects_a_changed_digit(answer: str, data: st.DataObject) -> None:
    places = [index for index, char in enumerate(answer) if char.isdigit()]
    if not places:
        return
    index = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([d for d in "123456789" if d != answer[index]]))
    changed = answer[:index] + digit + answer[index + 1 :]
    if _value_may_be_same(answer, changed):
        return
    assert not grade(changed, answer).correct, (answer, changed)


def _value_may_be_same(one: str, other: str) -> bool:
    """Return whether a change of one digit may leave the value as it is.

    0/4 and 0/5 are equal, a set may hold an item twice, and 92 94/93, which is no mixed number, is a product.
    """
    return any(r"\frac{0}" in text or re.match(r"\d+\\frac|\\\{|.*[:_]", text) for text in (one, other))


@PROPERTY
@given(answers)
def test_grade_rejects_a_changed_sign(answer: str) -> None:
    if not answer[0].isdigit() or any(mark in answer for mark in ":_") or answer.strip("0.") == "":
        return
    assert not grade(f"-{answer}", answer).correct
    assert not grade(answer, f"-{answer}").correct


@PROPERTY
@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_grade_compares_fractions_exactly(top: int, bottom: int) -> None:
    assert grade(f"{3 * top}/{3 * bottom}", _fraction(top, bottom)).correct
    assert not grade(f"{3 * top + 1}/{3 * bottom}", _fraction(top, bottom)).correct


@settings(PROPERTY, max_examples=30)
@given(_small, _small, st.integers(2, 9))
def test_grade_knows_equal_expressions(a: int, b: int, n: int) -> None:
    assert grade(f"(x+{a})(x-{b})", f"x^2 + {a - b}x - {a * b}".replace("+ -", "- ")).correct
    assert grade(rf"\sqrt{{{a * a * b}}}", rf"{a}\sqrt{{{b}}}").correct
    assert not grade(f"(x+{a})(x-{b})", f"x^2 + {a - b}x - {a * b + n}".replace("+ -", "- ")).correct


@settings(PROPERTY, max_examples=120)
@given(st.text(max_size=60), st.text(max_size=60))
def test_grade_takes_any_text(prediction: str, reference: str) -> None:
    result = grade(prediction, reference)
    assert result.correct == (result.status == "correct")


PIECES = r"""
\frac { } ( ) [ ] \{ \} 1 2 3.5 x y + - * / ^ _ ! = < \le , ; : \text{ and or \sqrt \sin \pm \pi i e % $ ° ' \cup \infty
\begin{pmatrix} \end{pmatrix} & \\ | \sum_{k=1}^{3} \log \left \right \boxed{ .5 e9 1,234 \circ
"""
tokens = st.lists(st.sampled_from(PIECES.split()), max_size=12)


@settings(PROPERTY, max_examples=200)
@given(tokens, tokens)
def test_grade_takes_any_sequence_of_tokens(prediction: list[str], reference: list[str]) -> None:
    result = grade(" ".join(prediction), " ".join(reference))
    assert not result.reason.startswith("error"), result
