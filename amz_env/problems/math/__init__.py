"""mini-math: competition-style exercises in the seven subjects of MATH, each at all levels from 1 to 5.

In these families an answer is easier to check than to find, at the levels given: put it back into the equation, add it
up again, look at its remainders. A search that can tell right from wrong steps has most to win there.

    prealgebra     percent-change (3, 4), ratio-share, average (2, 3, 5), consecutive-numbers
    algebra        linear-equation, quadratic-equation, linear-system, inequality, two-numbers (3)
    number-theory  two-remainders, congruence, missing-digit (2), base-change (3)
    counting       handshakes (3), overlap (3)
    geometry       rectangle (2), polygon (4, 5), coordinates (1, 2), triangle-angles
    intermediate   radical-roots, polynomial-remainder (4), from-roots, logarithm (3, 4), absolute-value,
                   radical-equation, quadratic-inequality, geometric-series (4)
    precalculus    dot-product (3), determinant (2, 3), cross-product (4)

Most of their worked solutions end with such a check; the others leave it to the reader. A student that checks its work
(`Student.checks`) does so at the very step that can be wrong, in all families.
"""

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
