"""Reads the questions and answers of mini-math as a solver of its own would: numbers, formulas, points, intervals."""

import math
import re
from collections.abc import Callable

Solver = Callable[[str, int], object]
Check = Callable[[str, str, int], bool]


def numbers(text: str) -> list[int]:
    """All whole numbers of the text in order, a minus sign directly before one included."""
    return [int(n) for n in re.findall(r"(?<![\w)])-?\d+|\d+", text)]


def formulas(text: str) -> list[str]:
    """What stands between dollar signs."""
    return re.findall(r"\$([^$]*)\$", text)


def python(formula: str) -> str:
    """Turn the notation of the questions and answers into a Python expression."""
    s = formula.replace(r"\cdot", "*").replace(r"\div", "/").replace(r"\pi", "pi").replace(r"^\circ", "*pi/180")
    for _ in range(3):
        s = re.sub(r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)", s)
        s = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", s)
    s = re.sub(r"\\(sin|cos|tan) (\S+)", r"\1(\2)", s)
    s = re.sub(r"\^\{([^{}]*)\}", r"**(\1)", s).replace("^", "**")
    s = re.sub(r"\|([^|]*)\|", r"abs(\1)", s)
    s = re.sub(r"(\d|\)) ?(?=[a-z(])", r"\1*", s)
    return s.replace("kx", "k*x")


def value(formula: str, **names: float) -> complex:
    """Evaluate a formula."""
    space = {"sqrt": math.sqrt, "pi": math.pi, "i": 1j, "sin": math.sin, "cos": math.cos, "tan": math.tan, "abs": abs}
    return eval(python(formula), {**space, **names})


def function(formula: str) -> Callable[..., complex]:
    """Compile a formula in x, y or k."""
    code = compile(python(formula), "formula", "eval")
    space = {"sqrt": math.sqrt, "abs": abs}
    return lambda x=0, y=0, k=0: eval(code, space, {"x": x, "y": y, "k": k})


def equation(text: str) -> Callable[..., bool]:
    """Compile an equation or inequality in x, y or k."""
    for sign, compare in ((r"\le", "<="), (r"\ge", ">="), ("<", "<"), (">", ">"), ("=", "==")):
        if sign in text:
            left, right = text.split(sign)
            code = compile(f"({python(left)}) {compare} ({python(right)})", "equation", "eval")
            space = {"sqrt": math.sqrt, "abs": abs}
            return lambda x=0, y=0, k=0: bool(eval(code, space, {"x": x, "y": y, "k": k}))
    raise AssertionError(text)


def values(answer: str) -> list[complex]:
    """The parts of an answer such as ``2, 3``, ``(3, 5)`` or a set, sorted where order means nothing."""
    ordered = answer.startswith("(")
    inside = answer.replace(r"\{", "").replace(r"\}", "").removesuffix(r"\%")
    inside = inside[1:-1] if ordered else inside
    parts = [value(part) for part in inside.split(", ")]
    return parts if ordered else sorted(parts, key=lambda z: (z.real, z.imag))


def within(answer: str, x: float) -> bool:
    """Whether a number lies in the union of intervals that an answer names."""
    for interval in answer.split(r" \cup "):
        low, high = interval[1:-1].split(", ")
        a = -math.inf if "infty" in low else value(low).real
        b = math.inf if "infty" in high else value(high).real
        if a < x < b or (x == a and interval[0] == "[") or (x == b and interval[-1] == "]"):
            return True
    return False


def same(found: object, wanted: object) -> bool:
    """Whether two numbers, or two lists of numbers, agree."""
    a, b = (list(z) if isinstance(z, (list, tuple, set)) else [z] for z in (found, wanted))
    return len(a) == len(b) and all(abs(complex(p) - complex(q)) < 1e-9 for p, q in zip(a, b, strict=True))


def by_value(solver: Solver) -> Check:
    """Turn a solver, (question, level) -> value, into a check of a written answer."""
    return lambda question, answer, level: same(values(answer), solver(question, level))
