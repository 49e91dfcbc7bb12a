"""Intermediate algebra: quadratics, polynomials, logarithms, absolute values, series, complex numbers."""

from amz_env.problems.base import FamilyTable
from amz_env.problems.math.intermediate.equations import absolute_value, logarithm, radical_equation
from amz_env.problems.math.intermediate.polynomials import complex_numbers, from_roots, polynomial_remainder
from amz_env.problems.math.intermediate.quadratics import quadratic_inequality, radical_roots, vertex, vieta
from amz_env.problems.math.intermediate.series import geometric_series

__all__ = ["FAMILIES"]

FAMILIES: FamilyTable = {
    "intermediate/vertex": (vertex, frozenset({1, 2, 3, 4})),
    "intermediate/radical-roots": (radical_roots, frozenset({3, 4})),
    "intermediate/vieta": (vieta, frozenset({3, 4, 5})),
    "intermediate/polynomial-remainder": (polynomial_remainder, frozenset({3, 4})),
    "intermediate/from-roots": (from_roots, frozenset({2, 3})),
    "intermediate/logarithm": (logarithm, frozenset({2, 3, 4})),
    "intermediate/absolute-value": (absolute_value, frozenset({2, 3, 4})),
    "intermediate/geometric-series": (geometric_series, frozenset({2, 3, 4})),
    "intermediate/radical-equation": (radical_equation, frozenset({4, 5})),
    "intermediate/complex-numbers": (complex_numbers, frozenset({1, 2, 3, 4})),
    "intermediate/quadratic-inequality": (quadratic_inequality, frozenset({4, 5})),
}
