"""Prealgebra: arithmetic, proportion and percent, averages."""

from amz_env.problems.base import FamilyTable
from amz_env.problems.math.prealgebra.arithmetic import fraction_sum, order_of_operations, powers, simplify_root
from amz_env.problems.math.prealgebra.averages import average
from amz_env.problems.math.prealgebra.consecutive import consecutive_numbers
from amz_env.problems.math.prealgebra.percents import percent_change
from amz_env.problems.math.prealgebra.proportions import proportion, ratio_share

__all__ = ["FAMILIES"]

FAMILIES: FamilyTable = {
    "prealgebra/order-of-operations": (order_of_operations, frozenset({1, 2, 3})),
    "prealgebra/fraction-sum": (fraction_sum, frozenset({1, 2, 3})),
    "prealgebra/percent-change": (percent_change, frozenset({1, 2, 3, 4, 5})),
    "prealgebra/ratio-share": (ratio_share, frozenset({1, 2, 3})),
    "prealgebra/average": (average, frozenset({1, 2, 3, 4, 5})),
    "prealgebra/proportion": (proportion, frozenset({1, 2})),
    "prealgebra/simplify-root": (simplify_root, frozenset({1, 2})),
    "prealgebra/consecutive-numbers": (consecutive_numbers, frozenset({1, 2, 3, 4, 5})),
    "prealgebra/powers": (powers, frozenset({1, 2})),
}
