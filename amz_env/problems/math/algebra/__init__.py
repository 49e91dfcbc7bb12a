"""Algebra: equations and systems; functions, lines, sequences and powers."""

from amz_env.problems.base import FamilyTable
from amz_env.problems.math.algebra.equations import (
    inequality,
    linear_equation,
    linear_system,
    quadratic_equation,
    two_numbers,
)
from amz_env.problems.math.algebra.functions import (
    arithmetic_sequence,
    expand_square,
    exponent_rules,
    function_value,
    line,
)

__all__ = ["FAMILIES"]

FAMILIES: FamilyTable = {
    "algebra/linear-equation": (linear_equation, frozenset({1, 2, 3})),
    "algebra/quadratic-equation": (quadratic_equation, frozenset({2, 3})),
    "algebra/linear-system": (linear_system, frozenset({2, 3, 4})),
    "algebra/expand-square": (expand_square, frozenset({2, 3})),
    "algebra/line": (line, frozenset({2, 3})),
    "algebra/arithmetic-sequence": (arithmetic_sequence, frozenset({1, 2, 3})),
    "algebra/inequality": (inequality, frozenset({2, 3, 4})),
    "algebra/function-value": (function_value, frozenset({1, 2, 3})),
    "algebra/exponent-rules": (exponent_rules, frozenset({1, 2, 3})),
    "algebra/two-numbers": (two_numbers, frozenset({3, 4, 5})),
}
