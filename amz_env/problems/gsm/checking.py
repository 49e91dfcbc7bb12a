"""Whether a result of a word problem fits the question: the inverse of the operation that finds it.

"Tom has 3 times as many as Mia" gives `tom = mia * 3`, and is checked by `tom / 3 == mia`. Who reads it as "3 more" and
writes `tom = mia + 3` can still check it: that is easier, since both numbers are there.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from amz_env.problems.gsm.story import NAME, Move

Values = Mapping[str, Any]
"""variable -> value"""

_OPPOSITE = {ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.FloorDiv: "*"}
_MOST = 3  # conditions of one move


@dataclass(frozen=True, slots=True)
class Inverse:
    """What must hold of a variable: `left == right`, where `left` has what was found, and `right` what it came from."""

    left: str
    right: str
    divisor: str | None

    def condition(self, changed: frozenset[str], before: Values) -> str:
        """Return the condition; a variable that the move has changed stands on the right as the number it was."""
        right = NAME.sub(lambda name: str(before[name[0]]) if name[0] in changed else name[0], self.right)
        return f"{self.left} == {right}"


def conditions_of(move: Move, before: tuple[Values, Values], after: tuple[Values, Values]) -> list[str]:
    """Return conditions on what a move finds; none where it cannot be misread, or has no inverse.

    Args:
        move: the move as the question means it.
        before: the student's values before the step, and the true ones.
        after: those after it. Every condition holds under the true ones.
    """
    if not move.wrong:
        return []
    found = []
    for inverse in (inverse_of(*let) for let in move.lets):
        if inverse is None:
            continue
        changed = frozenset(name for name, _ in move.lets if all(name in values for values in before))
        own, true = (inverse.condition(changed, values) for values in before)
        known, truth = after
        sayable = _can_be_said(own, inverse.divisor, known) and _can_be_said(true, inverse.divisor, truth)
        if sayable and eval(true, dict(truth)):
            found.append(own)
    return found[:_MOST]


def _can_be_said(condition: str, divisor: str | None, values: Values) -> bool:
    if not frozenset(NAME.findall(condition)) <= values.keys():
        return False
    return divisor is None or eval(divisor, dict(values)) != 0


@lru_cache(maxsize=8192)
def inverse_of(var: str, formula: str) -> Inverse | None:
    """Return what must hold after `var = formula`, None for a formula that is no operation on two things."""
    whole = ast.parse(formula, mode="eval").body
    if not isinstance(whole, ast.BinOp) or "range" in formula:
        return None
    left, right = whole.left, whole.right
    if isinstance(whole.op, ast.Mult) and isinstance(left, ast.Constant):
        left, right = right, left  # a number of the question divides better than a variable
    source, moved = ast.unparse(left), ast.unparse(right)
    moved = moved if isinstance(right, ast.Name | ast.Constant) else f"({moved})"
    if isinstance(whole.op, ast.Mod):
        return Inverse(f"({source} - {var}) % {moved}", "0", moved)
    opposite = _OPPOSITE.get(type(whole.op))
    if opposite is None:
        return None
    return Inverse(f"{var} {opposite} {moved}", source, moved if opposite == "/" else None)
