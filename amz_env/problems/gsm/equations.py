"""Facts as equations: each sentence is written down as it stands, in the order of the text, and all are solved at once.

So nothing has to be planned: which quantity is found first, and whether a sentence is read forward or backward.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from amz_env.problems.base import WrittenStep
from amz_env.problems.gsm.story import NAME, Move
from amz_env.problems.gsm.things import listed

Values = dict[str, Fraction | int]
"""variable -> value"""

IMPORT: Final = "from sympy import *"
A_STEP: Final = 2
"""facts that one step writes down, and one more where there are many"""
MANY: Final = 8
MOST_CHECKS: Final = 4


def fact_steps(facts: Sequence[Move]) -> list[WrittenStep]:
    """Return the steps that write down the facts, a few each: quoted, and as equations."""
    steps: list[WrittenStep] = []
    size, count = size_of(len(facts)), 0
    for start in range(0, len(facts), size):
        group = facts[start : start + size]
        lets = [let for fact in group for let in fact.lets]
        names = list(dict.fromkeys(name for let in lets for part in let for name in NAME.findall(part)))
        equations = ", ".join(f"Eq({name}, {formula})" for name, formula in lets)
        count += len(lets)
        lines = [f'var("{" ".join(names)}")', f"facts {'+=' if steps else '='} [{equations}]", "print(len(facts))"]
        code = "\n".join(lines if steps else [IMPORT, *lines])
        steps.append(WrittenStep(" ".join(fact.texts[0] for fact in group), code, str(count)))
    return steps


def size_of(facts: int) -> int:
    """Return how many of so many facts one step writes down."""
    return A_STEP + (facts > MANY)


def solve_facts(facts: Sequence[Move]) -> Values:
    """Return what the equations give, in which each quantity hangs together with the given one; see `Move.lets`.

    Raises:
        ValueError: they do not.
    """
    values: dict[str, Fraction] = {}
    left = [let for fact in facts for let in fact.lets]
    while left:
        for name, formula in left:
            unknown = [each for each in {name, *NAME.findall(formula)} if each not in values]
            if len(unknown) == 1:
                values[unknown[0]] = _root(name, formula, unknown[0], values)
            if len(unknown) <= 1:
                left.remove((name, formula))
                break
        else:
            raise ValueError(f"these equations do not hang together: {left}")
    return {name: value.numerator if value.denominator == 1 else value for name, value in values.items()}


def _root(name: str, formula: str, unknown: str, values: Mapping[str, Fraction]) -> Fraction:
    """Return where `name == formula` holds, which is linear in the unknown."""

    def difference(at: int) -> Fraction:
        known = {**values, unknown: Fraction(at)}
        return known[name] - Fraction(eval(formula, {"__builtins__": {}}, known))

    at_0, at_1 = difference(0), difference(1)
    return -at_0 / (at_1 - at_0)


def solve_step(asked: Sequence[str], values: Values, checks: Sequence[str]) -> WrittenStep:
    """Return the step that solves the equations.

    Args:
        asked: the variables that are taken from the solution.
        values: the solution.
        checks: conditions on the solution that are printed below, with the names of variables.
    """
    taken = ", ".join(f"found[{name}]" for name in asked)
    names = ", ".join(asked)
    code = f"found = solve(facts)\n{names} = {taken}\nprint({names})"
    output = " ".join(str(values[name]) for name in asked)
    if checks:
        written = [NAME.sub(lambda name: name[0] if name[0] in asked else f"found[{name[0]}]", c) for c in checks]
        code += f"\nprint({', '.join(written)})"
        output += "\n" + " ".join(str(_holds(check, values)) for check in checks)
    return WrittenStep(f"Solve for {listed(asked)}.", code, output)


def _holds(check: str, values: Values) -> bool:
    exact = {name: Fraction(value) for name, value in values.items()}
    try:
        return bool(eval(check, {"__builtins__": {}}, exact))
    except ZeroDivisionError:
        return False
