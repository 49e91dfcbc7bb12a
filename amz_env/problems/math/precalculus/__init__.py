"""Precalculus: trigonometry, vectors and matrices."""

from amz_env.problems.base import FamilyTable
from amz_env.problems.math.precalculus.matrices import determinant, matrix_product
from amz_env.problems.math.precalculus.relations import trig_from_other
from amz_env.problems.math.precalculus.trigonometry import (
    angle_units,
    law_of_cosines,
    period,
    polar_point,
    trig_value,
)
from amz_env.problems.math.precalculus.vectors import (
    cross_product,
    dot_product,
    vector_length,
)

__all__ = ["FAMILIES"]

FAMILIES: FamilyTable = {
    "precalculus/angle-units": (angle_units, frozenset({1, 2})),
    "precalculus/dot-product": (dot_product, frozenset({1, 2, 3})),
    "precalculus/vector-length": (vector_length, frozenset({2, 3, 4})),
    "precalculus/determinant": (determinant, frozenset({1, 2, 3, 4, 5})),
    "precalculus/matrix-product": (matrix_product, frozenset({2, 3, 4})),
    "precalculus/trig-value": (trig_value, frozenset({2, 3})),
    "precalculus/trig-from-other": (trig_from_other, frozenset({3, 4, 5})),
    "precalculus/law-of-cosines": (law_of_cosines, frozenset({3, 4})),
    "precalculus/polar-point": (polar_point, frozenset({3, 4})),
    "precalculus/period": (period, frozenset({2, 3})),
    "precalculus/cross-product": (cross_product, frozenset({4, 5})),
}
