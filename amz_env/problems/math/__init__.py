"""mini-math: competition-style exercises in the seven subjects of MATH."""

from amz_env.problems.base import FamilyTable
from amz_env.problems.math import (
    algebra,
    counting,
    geometry,
    intermediate,
    number_theory,
    prealgebra,
    precalculus,
)
from amz_env.problems.math.misconceptions import MISCONCEPTIONS

__all__ = ["FAMILIES", "MISCONCEPTIONS"]

FAMILIES: FamilyTable = {
    **prealgebra.FAMILIES,
    **algebra.FAMILIES,
    **number_theory.FAMILIES,
    **counting.FAMILIES,
    **geometry.FAMILIES,
    **intermediate.FAMILIES,
    **precalculus.FAMILIES,
}
