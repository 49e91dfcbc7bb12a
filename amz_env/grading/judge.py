"""From two strings to a verdict: the stages in order, each deciding or passing the pair on.

`judge_exactly` runs in the calling process, in bounded time; `judge` runs in a worker and may take any time.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import Any

from amz_env.grading.answers import read_answer
from amz_env.grading.compare import Layer, same
from amz_env.grading.exact import Inexact, TooBig, Undefined, rational
from amz_env.grading.normalize import Refused, normalise, squeeze
from amz_env.grading.realsets import INFINITY, NotReal
from amz_env.grading.tree import CannotRead, Node, literal
from amz_env.grading.types import Grade, unknown, verdict

MANY_DIGITS = 10
FLOAT_DIGITS = 15


class Undecided(Exception):
    """The exact layer cannot tell."""


def judge_exactly(prediction: str, reference: str) -> Grade:
    """Decide a pair without irrational numbers, variables or SymPy.

    Raises:
        Undecided: the pair needs a worker.
    """
    if prediction == reference and prediction.strip():
        return verdict(True, "exact:identical")
    try:
        return _judge(prediction, reference, Layer(_equal_exactly, _real_exactly, _ratio_exactly), "exact")
    except (CannotRead, Inexact, TooBig, RecursionError) as error:
        raise Undecided from error


def judge(prediction: str, reference: str) -> Grade:
    """Decide a pair by any means: numeric evaluation, then the symbolic layer. Never raises for its content."""
    from mpmath import mp  # type: ignore[import-untyped]

    from amz_env.grading import numeric, symbolic

    def equal(gold: Node, pred: Node) -> bool:
        try:
            return _equal_exactly(gold, pred)
        except (Inexact, TooBig):
            return _close(gold, pred) or numeric.equivalent(gold, pred)

    try:
        with mp.workdps(numeric.DIGITS):
            return _judge(prediction, reference, Layer(equal, _real_numerically, numeric.proportional), "numeric")
    except TooBig:
        return unknown("guard:magnitude")
    except (CannotRead, numeric.Unsupported):
        return symbolic.judge(normalise(prediction), normalise(reference))
    except Exception as error:  # a defect here must not end a training run
        return unknown(f"error:{type(error).__name__}")


def _judge(prediction: str, reference: str, layer: Layer, stage: str) -> Grade:
    try:
        pred, gold = normalise(prediction), normalise(reference)
    except Refused as refusal:
        return unknown(f"guard:{refusal}")
    if not pred or not gold:
        return verdict(False, "exact:empty")
    if squeeze(pred) == squeeze(gold):
        return verdict(True, "exact:identical")
    if (letter := _choice(gold)) and (chosen := _choice(pred)):
        return verdict(letter == chosen, "exact:choice")
    equal = False
    for grouped in (True, False) if _may_be_grouped(pred, gold) else (True,):
        gold_node, pred_node = _read(gold, grouped), _read(pred, grouped)
        equal = equal or same(gold_node, pred_node, layer)
    return verdict(equal, f"{stage}:{_KINDS.get(gold_node.head, 'expression')}")


_KINDS = {"num": "number", "quantity": "quantity", "tuple": "tuple", "set": "set", "list": "list", "rel": "relation", "cup": "set",
          "cap": "set", "minus": "set", "reals": "set", "matrix": "matrix", "text": "text", "base": "base", "time": "time",
          "ratio": "ratio", "neg": "number"}  # fmt: skip


@lru_cache(maxsize=4096)
def _read(canonical: str, grouped: bool) -> Node:
    return read_answer(canonical, grouped=grouped)


def _may_be_grouped(pred: str, gold: str) -> bool:
    """Return whether ``1,234`` may also be a list, because the other side has a comma too."""
    return any(re.search(r"\d,\d{3}(?!\d)", one) and "," in other for one, other in ((pred, gold), (gold, pred)))


_CHOICE = re.compile(r"(?:(?:the )?(?:option|choice|answer)(?: is)? )?(?:\\text\w* ?\{)?\(?([A-Ea-e])(\)?[).:}]*)(?: .*)?", re.IGNORECASE)


def _choice(canonical: str) -> str | None:
    """Return the letter of an answer to a multiple-choice question: ``(C)``, ``C. 15``, ``Option C``."""
    match = _CHOICE.fullmatch(canonical)
    if match is None or len(re.findall(r"\(?\b[A-Ea-e]\b[).:]", canonical)) > 1:
        return None
    rest = canonical[match.end(2) :].strip()
    if rest and not match[2]:
        return None
    if not match[2] and match[1].islower():
        return None
    return match[1].upper()


# The exact layer


def _equal_exactly(gold: Node, pred: Node) -> bool:
    if gold == pred:
        return True
    try:
        return rational(gold) == rational(pred) or _close(gold, pred)
    except Undefined:
        return False


def _close(gold: Node, pred: Node) -> bool:
    """Return whether one side is a decimal of at least ten digits that rounds the other, or a float that prints it."""
    for decimal, other in ((literal(gold), pred), (literal(pred), gold)):
        if decimal is None or decimal.digits < MANY_DIGITS:
            continue
        distance = abs(_real_any(other) - decimal.exact) if (value := _real_any(other)) is not None else None
        if distance is None or value is None:
            continue
        if distance < decimal.ulp or (decimal.digits >= FLOAT_DIGITS and distance < abs(value) * Fraction(1, 10**14)):
            return True
    return False


def _real_any(node: Node) -> Fraction | None:
    """Return an exact value or, in a worker, a forty-digit one; None if there is none."""
    try:
        return rational(node)
    except (Inexact, TooBig, Undefined):
        pass
    try:
        number = _real_numerically(node)
    except NotReal:
        return None
    return Fraction(str(number)) if abs(number) != INFINITY else None


def _real_exactly(node: Node) -> Any:
    if node.head == "const" and node.value == "oo":
        return INFINITY
    if node == Node("neg", (Node("const", value="oo"),)):
        return -INFINITY
    if node.head not in _HAS_VALUE:
        raise NotReal
    try:
        return rational(node)
    except Undefined as error:
        raise NotReal from error


def _ratio_exactly(gold: Node, pred: Node) -> Any:
    raise Inexact


_HAS_VALUE = frozenset(["num", "const", "sym", "add", "mul", "neg", "inv", "pow", "fact", "fn", "deg"])


# The numeric layer


def _real_numerically(node: Node) -> Any:
    from mpmath import mp  # type: ignore[import-untyped]

    from amz_env.grading import numeric
    from amz_env.grading.tree import symbols

    try:
        return _real_exactly(node)
    except (Inexact, TooBig):
        pass
    if symbols(node):
        raise NotReal
    try:
        number = numeric.value(node)
    except (numeric.Unsupported, Undefined) as error:
        raise NotReal from error
    if abs(mp.im(number)) > abs(number) * mp.mpf(10) ** -30:
        raise NotReal
    return float(number) if mp.isinf(number) else mp.re(number)
