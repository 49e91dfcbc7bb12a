"""From two strings to a verdict: the stages in order, each deciding or passing the pair on.

`judge_exactly` runs in the calling process, in bounded time; `judge_numerically` and, after it, the symbolic layer run
in workers and may take any time.
"""

import re
from fractions import Fraction

from amz_env.grading.compare import Layer, same
from amz_env.grading.exact import TooBig
from amz_env.grading.layers import EXACT, numeric_layer
from amz_env.grading.normalize import Refused, normalise, squeeze
from amz_env.grading.readings import choice, read, readings, rests, same_words
from amz_env.grading.tree import CannotRead, NeedsSymbolic
from amz_env.grading.types import Grade, unknown, verdict

_PLAIN = re.compile(
    r"-?[0-9]{1,5}(?:\.[0-9]{1,4})?|-?[0-9]{1,15}"
)  # too few digits for a decimal that rounds the other


class Undecided(Exception):
    """This layer cannot tell; the next one may."""


def judge_exactly(prediction: str, reference: str) -> Grade:
    """Decide a pair without irrational numbers, variables or SymPy.

    Raises:
        Undecided: the pair needs a worker.
    """
    if prediction == reference and prediction.strip():
        return verdict(True, "exact:identical")
    if _PLAIN.fullmatch(prediction) and _PLAIN.fullmatch(reference):  # the usual case, twenty times faster
        return verdict(Fraction(prediction) == Fraction(reference), "exact:number")
    try:
        return _judge(prediction, reference, EXACT, "exact")
    except NeedsSymbolic as error:
        raise Undecided from error
    except CannotRead:
        return verdict(False, "exact:unread")
    except Exception as error:  # also for a defect here: a worker looks again, and nothing reaches the caller
        raise Undecided from error


def judge_numerically(prediction: str, reference: str) -> Grade:
    """Decide a pair that the exact layer did not decide, by evaluation at random points. For a worker.

    Raises:
        Undecided: the pair holds a construct that is not evaluated here.
    """
    from amz_env.grading import numeric
    from amz_env.grading.precision import mp

    try:
        with mp.workdps(numeric.DIGITS):
            return _judge(prediction, reference, numeric_layer(), "numeric")
    except TooBig:
        return unknown("guard:magnitude")
    except RecursionError:
        return unknown("guard:depth")
    except (NeedsSymbolic, numeric.Unsupported) as error:
        raise Undecided from error
    except CannotRead:
        return verdict(False, "numeric:unread")
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
    if (letter := choice(gold)) and (chosen := choice(pred)):
        said = rests(gold, pred) if letter == chosen else None
        return verdict(letter == chosen and (said is None or _equal(*said, layer)), "exact:choice")
    return verdict(_equal(gold, pred, layer), f"{stage}:{_kind(gold)}")


def _equal(gold: str, pred: str, layer: Layer) -> bool:
    return same_words(gold, pred) or any(same(one, other, layer) for one, other in readings(gold, pred))


def _kind(gold: str) -> str:
    try:
        return _KINDS.get(read(gold).head, "expression")
    except CannotRead:  # equal without its usual reading
        return "text"


_KINDS = {
    **{head: head for head in ("tuple", "set", "list", "matrix", "text", "base", "time", "ratio", "quantity")},
    **{head: "set" for head in ("cup", "cap", "minus", "reals")},
    **{head: "number" for head in ("num", "neg")},
    "rel": "relation",
}
