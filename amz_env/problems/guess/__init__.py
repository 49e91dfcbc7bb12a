"""mini-guess: problems solved by trial, in which a guess is hard to get right and easy to check.

As one looks for the whole root of a cubic, or for two numbers with a given sum and product: think of a candidate, let
the code say whether it fits, go on with it. A worked solution shows the trial that succeeds. A student that holds a
misconception keeps the first candidate that comes to mind, sees that it does not fit, and goes on all the same. No
small model can find the candidate in its head, so a greedy policy often fails where a search that can tell a fitting
guess from another wins. Levels 1 to 3 need one guess, levels 4 and 5 mostly two or three; with `clues` it is one
at levels 1 and 2, two at 3 and 4, and three at 5.
"""

from amz_env.problems.base import FamilyTable
from amz_env.problems.guess import choices, clues, divisors, equations, remainders
from amz_env.problems.guess.misconceptions import MISCONCEPTIONS

__all__ = ["FAMILIES", "MISCONCEPTIONS"]

FAMILIES: FamilyTable = {
    "divisors/which-prime": (divisors.which_prime, frozenset({1, 2, 3})),
    "divisors/prime-factors": (divisors.prime_factors, frozenset({4, 5})),
    "divisors/ages": (divisors.ages, frozenset({4, 5})),
    "choices/pair": (choices.pair, frozenset({1, 2})),
    "choices/three": (choices.three, frozenset({3, 4})),
    "choices/signs": (choices.signs, frozenset({1, 2, 3})),
    "choices/operations": (choices.operations, frozenset({2, 3, 5})),
    "remainders/multiple": (remainders.multiple, frozenset({2, 3})),
    "remainders/power": (remainders.power, frozenset({3, 4})),
    "remainders/several": (remainders.several, frozenset({3, 4, 5})),
    "equations/two-numbers": (equations.two_numbers, frozenset({1, 2, 3})),
    "equations/two-prices": (equations.two_prices, frozenset({2, 3})),
    "equations/two-squares": (equations.two_squares, frozenset({3, 4})),
    "equations/whole-root": (equations.whole_root, frozenset({3, 4, 5})),
    **{f"clues/{kind.__name__}": (clues.family(at), frozenset({1, 2, 3, 4, 5})) for at, kind in enumerate(clues.KINDS)},
}
