"""Number theory: divisors, remainders, digits."""

from amz_env.problems.base import FamilyTable
from amz_env.problems.math.number_theory.digits import base_change, last_digit, missing_digit
from amz_env.problems.math.number_theory.divisors import (
    common_divisor,
    divisor_count,
    divisor_list,
    multiples,
    prime_sum,
)
from amz_env.problems.math.number_theory.remainders import congruence, remainder, two_remainders

__all__ = ["FAMILIES"]

FAMILIES: FamilyTable = {
    "number-theory/remainder": (remainder, frozenset({1, 2, 3})),
    "number-theory/common-divisor": (common_divisor, frozenset({1, 2, 3})),
    "number-theory/divisor-count": (divisor_count, frozenset({2, 3, 4})),
    "number-theory/last-digit": (last_digit, frozenset({2, 3})),
    "number-theory/base-change": (base_change, frozenset({2, 3, 4})),
    "number-theory/two-remainders": (two_remainders, frozenset({3, 4, 5})),
    "number-theory/congruence": (congruence, frozenset({3, 4})),
    "number-theory/multiples": (multiples, frozenset({1, 2, 3})),
    "number-theory/divisor-list": (divisor_list, frozenset({1, 2})),
    "number-theory/missing-digit": (missing_digit, frozenset({2, 3})),
    "number-theory/prime-sum": (prime_sum, frozenset({1, 2})),
}
