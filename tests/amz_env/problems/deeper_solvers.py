"""A second way to the answer of the families of mini-gaokao that are deeper than those trained on."""

from tests.amz_env.problems.gsm_facts import comparison, duration
from tests.amz_env.problems.guess_solvers import operations, pair, signs, three, which_prime
from tests.amz_env.problems.math_reading import Check, by_value

CHECKS: dict[str, Check] = {
    "deeper/pair": by_value(pair),
    "deeper/three": by_value(three),
    "deeper/signs": by_value(signs),
    "deeper/operations": by_value(operations),
    "deeper/which-prime": by_value(which_prime),
    "deeper/quantities": by_value(lambda q, level: comparison(q)),
    "deeper/time": by_value(lambda q, level: duration(q)),
}
"""family -> whether an answer is the right one for a question of a level"""
