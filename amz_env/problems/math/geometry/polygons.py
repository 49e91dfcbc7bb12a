"""Polygons: sums of angles, single angles, the number of sides from angles or diagonals."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.work import Work, ask
from amz_env.problems.students import Student

_NAMES = {5: "pentagon", 6: "hexagon", 8: "octagon", 9: "nonagon", 10: "decagon", 12: "dodecagon"}
_WHOLE_ANGLES = (5, 6, 8, 9, 10, 12, 15, 18, 20, 24, 30, 36, 40, 45, 60, 72, 90, 120)


def polygon(rng: random.Random, level: int, student: Student) -> Draft:
    """Angle sums (level 2), one angle (3), sides from angles (4) and from diagonals (5)."""
    if level == 2:
        return _angle_sum(rng, student) if rng.random() < 0.5 else _sides_from_sum(rng, student)
    if level == 3:
        return _regular_angle(rng, student) if rng.random() < 0.3 else _last_angle(rng, student)
    if level == 4:
        return _sides_from_angle(rng, student) if rng.random() < 0.3 else _sides_but_one(rng, student)
    return _sides_from_diagonals(rng, student)


def _triangles(work: Work, n: int, true: int) -> int:
    """Add the step that counts the triangles in a polygon of n sides, copied from the true number."""
    late = work.holds("off-by-one")
    k = n - 1 if late else n - 2
    work.run(
        ("Count the triangles in the polygon.", "How many triangles make it up?"),
        f"t = {n} - {1 if late else 2}\nprint(t)",
        k,
        fits=(f"t + 2 == {true}", k + 2 == true),
    )
    return k


def _turn(work: Work) -> int:
    return 360 if work.holds("full-turn") else 180


def _sum(work: Work, n: int, true: int) -> int:
    """Add the steps to the sum of the inside angles of a polygon of n sides, copied from the true number."""
    k, turn = _triangles(work, n, true), _turn(work)
    work.run(
        ("Find the sum of the angles.", "Each triangle adds its angles."),
        f"s = t * {turn}\nprint(s)",
        k * turn,
        fits=(f"s + 360 == {true} * 180", k * turn + 360 == true * 180),
    )
    return k * turn


def _angle_sum(rng: random.Random, student: Student) -> Draft:
    n = rng.randint(5, 99)
    shape = _a(_NAMES[n]) if n in _NAMES else f"a polygon with {n} sides"
    question = ask(
        rng,
        f"What is the sum of the inside angles of a polygon with {n} sides, in degrees?",
        f"A polygon has {n} sides. Find the sum of its inside angles in degrees.",
        f"How many degrees do the inside angles of {shape} add up to?",
        f"A polygon with {n} corners is cut into triangles. How many degrees do all its inside angles add up to?",
    )
    work = Work(student)
    total = _sum(work, work.copy(n), n)
    work.answer(("This is the sum.", "So the sum is this."), total, instead=n)
    return work.draft(question, (n - 2) * 180)


def _sides_from_sum(rng: random.Random, student: Student) -> Draft:
    n = rng.randint(5, 99)
    total = (n - 2) * 180
    question = ask(
        rng,
        f"The inside angles of a polygon add up to {total} degrees. How many sides does it have?",
        f"How many sides does a polygon have if the sum of its inside angles is {total} degrees?",
        f"The sum of the inside angles of a polygon is {total} degrees. Find the number of its sides.",
    )
    work = Work(student)
    turn = _turn(work)
    k = total // turn
    work.run(
        ("Count the triangles in it.", "Divide by the angles of one triangle."),
        f"t = {total} // {turn}\nprint(t, {total} % {turn})",
        (k, total % turn),
        fits=(f"t * 180 == {total}", k * 180 == total),
    )
    more = 1 if work.holds("off-by-one") else 2
    work.run(
        ("A polygon has more sides than triangles.", "Now the sides."),
        f"n = t + {more}\nprint(n)",
        k + more,
        fits=(f"n * 180 - 360 == {total}", k + more == n),
    )
    work.answer(("This is the number of sides.", "So it has this many sides."), k + more, instead=k)
    return work.draft(question, n)


def _regular_angle(rng: random.Random, student: Student) -> Draft:
    n = rng.choice(_WHOLE_ANGLES)
    question = ask(
        rng,
        f"What is each inside angle of a regular polygon with {n} sides, in degrees?",
        f"A regular polygon has {n} sides. Find one of its inside angles in degrees.",
        f"All sides and angles of a polygon with {n} sides are equal. How many degrees is one angle?",
    )
    work = Work(student)
    total = _sum(work, work.copy(n), n)
    found = total // n
    work.run(
        ("Divide by the number of angles.", "All angles are equal."),
        f"a = s // {n}\nprint(a, s % {n})",
        (found, total % n),
    )
    work.run(
        ("An inside angle must be less than 180.", "Check that it is less than 180."), "print(a < 180)", found < 180
    )
    work.answer(("This is the angle.", "So the angle is this."), found, instead=total)
    return work.draft(question, (n - 2) * 180 // n)


def _last_angle(rng: random.Random, student: Student) -> Draft:
    n, angle = rng.randint(4, 20), rng.randint(40, 170)
    known = (n - 2) * 180 - angle
    question = ask(
        rng,
        f"All inside angles but one of a polygon with {n} sides add up to {known} degrees. How many degrees is the "
        "last angle?",
        f"A polygon has {n} sides. The sum of {n - 1} of its inside angles is {known} degrees. Find the other one in "
        "degrees.",
        f"In a polygon with {n} corners, {n - 1} inside angles have a sum of {known} degrees. What is the last inside "
        "angle in degrees?",
    )
    work = Work(student)
    total = _sum(work, work.copy(n), n)
    found = total - known
    work.run(("The rest is the last angle.", "Subtract the known angles."), f"a = s - {known}\nprint(a)", found)
    work.run(
        ("It must be more than 0 and less than 180.", "Check that it can be an angle here."),
        "print(0 < a < 180)",
        0 < found < 180,
    )
    work.answer(("This is the angle.", "So the angle is this."), found, instead=total)
    return work.draft(question, angle)


def _sides_from_angle(rng: random.Random, student: Student) -> Draft:
    n = rng.choice(_WHOLE_ANGLES)
    inside = 180 - 360 // n
    question = ask(
        rng,
        f"Each inside angle of a regular polygon is {inside} degrees. How many sides does it have?",
        f"A regular polygon has inside angles of {inside} degrees. Find the number of its sides.",
        f"How many sides does a regular polygon with inside angles of {inside} degrees have?",
    )
    work = Work(student)
    turn = _turn(work)
    outside = turn - inside
    work.run(
        ("Find the outside angle.", "First the outside angle."),
        f"e = {turn} - {inside}\nprint(e)",
        outside,
        fits=(f"e + {inside} == 180", outside + inside == 180),
    )
    whole = 180 if work.holds("forgets-half") else 360
    found = whole // outside
    work.run(
        ("All outside angles make a full turn.", "Divide a full turn by it."),
        f"n = {whole} // e\nprint(n, {whole} % e)",
        (found, whole % outside),
    )
    work.run(
        ("Check the sum of the inside angles.", "Compare the sum of the angles."),
        f"print((n - 2) * 180 == n * {inside})",
        (found - 2) * 180 == found * inside,
    )
    work.answer(("This is the number of sides.", "So it has this many sides."), found, instead=outside)
    return work.draft(question, n)


def _sides_but_one(rng: random.Random, student: Student) -> Draft:
    """The number of sides from the sum of all angles but one: the one left out is between 0 and 180."""
    n, angle = rng.randint(4, 40), rng.randint(20, 170)
    known = (n - 2) * 180 - angle
    question = ask(
        rng,
        f"All inside angles but one of a convex polygon add up to {known} degrees. How many sides does it have?",
        f"The inside angles of a convex polygon, one of them left out, have a sum of {known} degrees. Find the number "
        "of its sides.",
        f"Someone adds the inside angles of a convex polygon, forgets one and gets {known} degrees. How many sides "
        "does the polygon have?",
    )
    work = Work(student)
    turn = _turn(work)
    k = known // turn + 1
    work.run(
        ("The missing angle fills up the next half turn; count them.", "Round up to whole triangles."),
        f"t = {known} // {turn} + 1\nprint(t)",
        k,
        fits=(f"0 < t * 180 - {known} < 180", 0 < k * 180 - known < 180),
    )
    more = 1 if work.holds("off-by-one") else 2
    found = k + more
    work.run(("A polygon has more sides than triangles.", "Now the sides."), f"n = t + {more}\nprint(n)", found)
    work.run(
        ("The missing angle must be more than 0 and less than 180.", "Check the missing angle."),
        f"a = (n - 2) * 180 - {known}\nprint(a, 0 < a < 180)",
        ((found - 2) * 180 - known, 0 < (found - 2) * 180 - known < 180),
    )
    work.answer(("This is the number of sides.", "So it has this many sides."), found, instead=k)
    return work.draft(question, n)


def _sides_from_diagonals(rng: random.Random, student: Student) -> Draft:
    """The number of sides from the number of diagonals."""
    n = rng.randint(5, 90)
    diagonals = n * (n - 3) // 2
    question = ask(
        rng,
        f"A convex polygon has {diagonals} diagonals. How many sides does it have?",
        f"How many sides has a convex polygon with {diagonals} diagonals?",
        f"In a convex polygon one can draw {diagonals} diagonals. Find the number of its corners.",
        f"The number of diagonals of a convex polygon is {diagonals}. What is the number of its sides?",
        f"Some towns lie on a circle. Each one has a road to all others but its two neighbors; there are {diagonals} "
        "roads. How many towns are there?",
        f"At a round table, everyone shakes hands once with everyone but the two neighbors. There are {diagonals} "
        "handshakes. How many people sit there?",
    )
    work = Work(student)
    twice = work.holds("ignores-symmetry")
    right, size = (f"{diagonals}", diagonals) if twice else (f"2 * {diagonals}", 2 * diagonals)
    less = 2 if work.holds("off-by-one") else 3
    fits = [m for m in range(4, 120) if m * (m - less) == size]
    work.run(
        (f"From each of m corners m - {less} diagonals go out; look for m.", "Try the numbers of corners."),
        f"c = [m for m in range(4, 120) if m * (m - {less}) == {right}]\nprint(c)",
        str(fits),
        fits=(f"[m * (m - 3) // 2 for m in c] == [{diagonals}]", [m * (m - 3) // 2 for m in fits] == [diagonals]),
    )
    found = fits[0] if fits else max(m for m in range(3, 120) if m * (m - less) <= size)
    work.run(
        ("Check the number of diagonals.", "Count the diagonals of this one."),
        f"n = {found}\nprint(n * (n - 3) // 2 == {diagonals})",
        found * (found - 3) // 2 == diagonals,
    )
    work.answer(("This is the number.", "So there are this many."), found)
    return work.draft(question, n)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
