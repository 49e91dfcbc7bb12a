"""Stage 1 judge."""

from fractions import Fraction

from amz_env.grading.types import Grade, verdict


class Undecided(Exception):
    """The exact layer cannot tell."""


def _clean(text: str) -> str:
    text = text.strip().rstrip(".").strip("$").replace("\\$", "").replace("\\!", "").replace("{,}", "").replace(" ", "")
    return text.replace("dfrac", "frac").replace("tfrac", "frac")


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text.replace(",", ""))
    except (ValueError, ZeroDivisionError):
        return None


def judge_exactly(prediction: str, reference: str) -> Grade:
    """Decide without symbolic work."""
    if len(prediction) > 2000 or len(reference) > 2000:
        return verdict(prediction == reference, "guard:length")
    a, b = _clean(prediction), _clean(reference)
    if not a or not b:
        return verdict(False, "exact:empty")
    if a == b:
        return verdict(True, "exact:identical")
    x, y = _number(a), _number(b)
    if x is not None and y is not None:
        return verdict(x == y, "exact:number")
    raise Undecided


def judge(prediction: str, reference: str) -> Grade:
    """Decide with math-verify."""
    from math_verify import parse, verify

    gold, pred = (parse(f"${s.strip().strip('$')}$", parsing_timeout=None) for s in (reference, prediction))
    return verdict(bool(verify(gold, pred, timeout_seconds=None, allow_set_relation_comp=True)), "symbolic:math-verify")
