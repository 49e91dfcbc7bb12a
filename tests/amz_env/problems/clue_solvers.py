"""A second way to the answer of the families of clues, from the question's text alone: all listed numbers are tried."""

import re
from math import prod

from tests.amz_env.problems.gaokao_solvers.reading import the_only
from tests.amz_env.problems.math_reading import Check, by_value

KINDS = ("divides", "remainder", "multiple", "power", "root")


def clues(q: str, level: int) -> object:
    """The number made of all the numbers that the clues tell."""
    *told, asked = q.split(". ")
    found = dict(map(read_clue, told))
    wanted = re.findall(r"\$(\w)\$", asked)
    assert sorted(found) == sorted(wanted) == list("abcd"[: len(found)])
    given = [int(n) for n in re.findall(r"\d+", asked)]
    parts = [*given, *found.values()]
    assert len(given) == (len(found) == 1)
    assert ("sum of" in asked) != ("product of" in asked or " times " in asked)
    return sum(parts) if "sum of" in asked else prod(parts)


def read_clue(told: str) -> tuple[str, int]:
    """The name of one number, and the only one of its list that is as the clue says."""
    name = re.findall(r"\$(\w)\$", told)[0]
    listed, rest = re.findall(r"[oO]f ((?:-?\d+, )*-?\d+ and -?\d+)(.*)", told)[0]
    candidates = [int(n) for n in re.findall(r"-?\d+", listed)]
    assert len(set(candidates)) == len(candidates) >= 2
    return name, the_only([x for x in candidates if fits(rest, name, x)])


def fits(told: str, name: str, x: int) -> bool:
    """Whether a number is as a clue says."""
    if "divides" in told:
        return int(re.findall(r"divides (\d+)", told)[0]) % x == 0
    if "leaves" in told:
        r, m = map(int, re.findall(r"remainder (\d+) by (\d+)", told)[0])
        return x % m == r
    formula = re.findall(r"with \$(.*)\$", told)[0]
    formula, *modulus = re.split(r" \\pmod\{(\d+)\}", formula)
    left, right = re.split(r" = | \\equiv ", formula)
    value = eval(re.sub(r"(?<=\d)\(", "*(", left.replace(name, f"({x})").replace("^", "**")))
    return (value - int(right)) % int(modulus[0]) == 0 if modulus else value == int(right)


CHECKS: dict[str, Check] = {f"clues/{kind}": by_value(clues) for kind in KINDS}
"""family -> whether an answer is the right one for a question of a level"""
