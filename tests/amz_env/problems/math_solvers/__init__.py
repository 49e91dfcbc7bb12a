"""A second way to the answer of every family of mini-math, from the question's text alone."""

from tests.amz_env.problems.math_solvers import (
    algebra,
    counting,
    geometry,
    intermediate,
    number_theory,
    prealgebra,
    precalculus,
)

CHECKS = {
    **prealgebra.CHECKS,
    **algebra.CHECKS,
    **number_theory.CHECKS,
    **counting.CHECKS,
    **geometry.CHECKS,
    **intermediate.CHECKS,
    **precalculus.CHECKS,
}
"""family -> whether an answer is the right one for a question of a level"""
