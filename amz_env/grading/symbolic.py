"""The last stage: math-verify on what this package does not read itself, with a re-check of its acceptances.

Its comparison rounds to six decimals, so two tiny numbers are equal to it; an acceptance of two expressions counts
only when forty digits agree as well. Runs in a worker, without math-verify's own timeouts, which need the alarm.
"""

import logging
import re
from typing import Any

from amz_env.grading.normalize import normalise
from amz_env.grading.types import Grade, unknown, verdict

_AGREEMENT = 1e-30
_MARKS = re.compile(r"'|\\prime|\\ldots|\.\.\.|\d_")  # math-verify drops these


def preload() -> None:
    """Import math-verify and SymPy, which takes about half a second."""
    import math_verify  # noqa: F401


def judge(prediction: str, reference: str) -> Grade:
    """Compare two answers with math-verify (``strict=True``, the reference first). Never raises for their content."""
    prediction, reference = normalise(prediction), normalise(reference)
    if not all(re.search(r"[A-Za-z0-9]", text) for text in (prediction, reference)):
        return verdict(False, "symbolic:unread")
    logging.disable(logging.WARNING)
    from math_verify import parse, verify

    try:
        gold, pred = (parse(f"${text}$", parsing_timeout=None) for text in (reference, prediction))
        equal = bool(verify(gold, pred, timeout_seconds=None, allow_set_relation_comp=True))
    except Exception as error:
        return unknown(f"error:{type(error).__name__}")
    if not gold or not pred:
        return verdict(False, "symbolic:unread")
    if equal and not _rechecked(gold[0], pred[0], prediction, reference):
        return verdict(False, "symbolic:recheck")
    return verdict(equal, "symbolic:math-verify")


def _rechecked(gold: Any, pred: Any, prediction: str, reference: str) -> bool:
    from sympy import Expr

    if sorted(_MARKS.findall(prediction)) != sorted(_MARKS.findall(reference)):
        return False
    if not (isinstance(gold, Expr) and isinstance(pred, Expr)):
        return True
    try:
        return _same_value(gold, pred)
    except Exception:  # SymPy raises many kinds of errors on what it cannot evaluate
        return False


def _same_value(gold: Any, pred: Any) -> bool:
    from sympy import N, Rational

    names = sorted(gold.free_symbols | pred.free_symbols, key=str)
    for trial in (1, 2, 3) if names else (1,):
        point = {name: Rational(17 * trial + 5 * index, 13 + 2 * index) for index, name in enumerate(names)}
        one, other = (N(side.doit().subs(point), 40) for side in (gold, pred))
        if one == other:
            continue
        if not abs(one - other) <= _AGREEMENT * max(abs(one), abs(other)):
            return False
    return True
