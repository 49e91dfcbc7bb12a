"""How the tests of generated problems draw them: by all kinds of students, with code that runs here."""

import ast
import contextlib
import io
import random
from dataclasses import dataclass

from amz_env.problems.base import Draft, FamilyTable, rng_of
from amz_env.problems.students import Student, perfect


@dataclass(frozen=True)
class Asked(Student):
    """A student without misconceptions that writes down which ones it was asked about."""

    def holds(self, misconception: str) -> bool:
        self.seen.add(misconception)
        return False

    @property
    def seen(self) -> set[str]:
        return self.__dict__.setdefault("_seen", set())


@dataclass(frozen=True)
class Drawing:
    """Draws from the families of one set. Letters: a draw is named by subject, level and index."""

    families: FamilyTable

    @property
    def cases(self) -> list[tuple[str, int]]:
        """Every subject with every level it offers."""
        return [(subject, level) for subject, (_, levels) in self.families.items() for level in sorted(levels)]

    def draw(self, subject: str, level: int, index: int, student: Student | None = None) -> Draft:
        """Return a problem as worked by a student, a perfect one by default."""
        family, _ = self.families[subject]
        return family(rng_of(subject, level, index), level, student or perfect(random.Random(index)))

    def asked(self, subject: str, level: int, index: int) -> list[str]:
        """Return the misconceptions that can act."""
        student = Asked()
        self.draw(subject, level, index, student)
        return sorted(student.seen)

    def students(self, subject: str, level: int, index: int) -> list[Student]:
        """A perfect student, one for each misconception that can act, a careless one, and one with everything."""
        names = self.asked(subject, level, index)
        held = [(frozenset[str](), 0.0), (frozenset[str](), 0.4), (frozenset(names), 0.3)]
        held += [(frozenset({name}), 0.0) for name in names]
        return [Student(names_held, slip, random.Random(index)) for names_held, slip in held]


def run(code: str, namespace: dict[str, object]) -> str:
    """Run one code step as a notebook does: what it prints, then the value of a last expression."""
    tree, printed = ast.parse(code), io.StringIO()
    last = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "step", "exec"), namespace)
        result = eval(compile(last, "step", "eval"), namespace) if last else None
    shown = printed.getvalue() + ("" if result is None else str(result))
    return shown.removesuffix("\n")
