"""Geometry: lengths, angles, areas, volumes, circles, coordinates."""

import random
from fractions import Fraction

from amz_env.problems.base import Draft, FamilyTable
from amz_env.problems.math.forms import pi_printed, pi_tex, root_printed, root_tex, tex
from amz_env.problems.math.work import Work, ask, nonzero
from amz_env.problems.students import Student


def rectangle(rng: random.Random, level: int, student: Student) -> Draft:
    """Area and perimeter of a rectangle, each from the other at level 2."""
    a, b = rng.sample(range(3, 30), 2)
    thing = rng.choice(("garden", "field", "room", "yard", "rectangle"))
    want = rng.choice(("area", "perimeter"))
    unit = "square feet" if want == "area" else "feet"
    if level == 1:
        question = ask(
            rng,
            f"A {_shape(thing)} is {a} feet long and {b} feet wide. What is its {want} in {unit}?",
            f"Find the {want} in {unit} of a {_shape(thing)} with sides of {a} feet and {b} feet.",
            f"The sides of a {_shape(thing)} are {a} feet and {b} feet long. How many {unit} is its {want}?",
        )
    elif want == "perimeter":
        question = ask(
            rng,
            f"A {_shape(thing)} has an area of {a * b} square feet and is {a} feet long. What is its perimeter in feet?",
            f"The area of a {_shape(thing)} is {a * b} square feet, and one side is {a} feet. Find its perimeter in feet.",
            f"One side of a {_shape(thing)} is {a} feet and its area is {a * b} square feet. How many feet is its "
            "perimeter?",
        )
    else:
        question = ask(
            rng,
            f"A {_shape(thing)} has a perimeter of {2 * (a + b)} feet and is {a} feet long. What is its area in square "
            "feet?",
            f"The perimeter of a {_shape(thing)} is {2 * (a + b)} feet, and one side is {a} feet. Find its area in square "
            "feet.",
            f"One side of a {_shape(thing)} is {a} feet and its perimeter is {2 * (a + b)} feet. How many square feet is "
            "its area?",
        )
    answer = a * b if want == "area" else 2 * (a + b)
    work = Work(student)
    long, wide = work.copy(a), b
    if level == 2:
        if want == "perimeter":
            area = a * b
            wide = area // long
            work.run(
                ("Divide the area by the length.", "Find the other side from the area."),
                f"b = {area} // {long}\nprint(b, {area} % {long})",
                (wide, area % long),
            )
        else:
            around = 2 * (a + b)
            if work.holds("forgets-half"):
                wide = around - long
                work.run(
                    ("Find the other side from the perimeter.", "The rest is the other side."),
                    f"b = {around} - {long}\nprint(b)",
                    wide,
                )
            else:
                wide = around // 2 - long
                work.run(
                    ("Find the other side from the perimeter.", "Half the perimeter is both sides."),
                    f"b = {around} // 2 - {long}\nprint(b)",
                    wide,
                )
    name = "b" if level == 2 else str(wide)
    as_area = (want == "area") != work.holds("area-for-perimeter")
    found = long * wide if as_area else 2 * (long + wide)
    work.run(
        (f"Now find the {want}.", f"Find the {want} from the sides."),
        f"n = {long} * {name}\nprint(n)" if as_area else f"n = 2 * ({long} + {name})\nprint(n)",
        found,
    )
    if level == 2:
        given = f"2 * ({a} + b) == {2 * (a + b)}" if want == "area" else f"{a} * b == {a * b}"
        ok = 2 * (a + wide) == 2 * (a + b) if want == "area" else a * wide == a * b
        work.run(("Check the other side.", "The sides must fit what is given."), f"print({given})", ok)
    work.answer((f"This is the {want}.", f"So the {want} is this."), found, instead=wide)
    return work.draft(question, answer)


def _shape(thing: str) -> str:
    return thing if thing == "rectangle" else f"rectangular {thing}"


def circle(rng: random.Random, level: int, student: Student) -> Draft:
    """Area or circumference of a circle, as a multiple of pi; rings and sectors later."""
    r = rng.randint(2, 20)
    gives = rng.choice(("radius", "diameter"))
    want = rng.choice(("area", "circumference"))
    shown = r if gives == "radius" else 2 * r
    if level < 3:
        question = ask(
            rng,
            f"What is the {want} of a circle with {gives} {shown}? Give the answer in terms of $\\pi$.",
            f"A circle has {gives} {shown}. Find its {want} in terms of $\\pi$.",
            f"The {gives} of a circle is {shown}. What is its {want}, as a multiple of $\\pi$?",
        )
        answer = Fraction(r * r if want == "area" else 2 * r)
        if level == 2:
            give_area = rng.random() < 0.5
            given = pi_tex(r * r) if give_area else pi_tex(2 * r)
            a, b = ("area", "circumference") if give_area else ("circumference", "area")
            question = ask(
                rng,
                f"The {a} of a circle is ${given}$. What is its {b}? Give the answer in terms of $\\pi$.",
                f"A circle has {a} ${given}$. Find its {b} in terms of $\\pi$.",
                f"What is the {b} of a circle whose {a} is ${given}$, as a multiple of $\\pi$?",
            )
            answer = Fraction(2 * r if give_area else r * r)
    else:
        big = r + rng.randint(1, 9)
        question = ask(
            rng,
            f"Two circles with radii {big} and {r} have the same center. What is the area of the ring between them, in "
            "terms of $\\pi$?",
            f"A round garden has radius {big}. A round pond of radius {r} lies in its center. What area of the garden is "
            "not pond, in terms of $\\pi$?",
            f"From a disk of radius {big} a disk of radius {r} is cut out. Find the area that is left, in terms of "
            "$\\pi$.",
        )
        answer = Fraction(big * big - r * r)
    work = Work(student)
    if level == 3:
        product = work.holds("power-as-product")
        big2 = work.copy(big)
        p, q = (2 * big2, 2 * r) if product else (big2 * big2, r * r)
        if work.holds("square-termwise"):
            n = (big2 - r) ** 2
            work.run(("Find the width of the ring.", "How wide is the ring?"), f"w = {big2} - {r}\nprint(w)", big2 - r)
            work.run(("Square it.", "Square the width."), "n = w**2\nprint(n)", n)
        else:
            sign = " * 2" if product else "**2"
            work.run(
                ("Square both radii.", "Find the squares of the radii."),
                f"p, q = {big2}{sign}, {r}{sign}\nprint(p, q)",
                (p, q),
            )
            n = p - q
            work.run(("Subtract the small disk.", "Take the difference."), "n = p - q\nprint(n)", n)
        work.run(("Multiply by pi.", "The area has the factor pi."), "print(n * pi)", pi_printed(n), sympy=True)
        work.answer(("This is the area.", "So the area is this."), pi_tex(n))
        return work.draft(question, pi_tex(answer))
    if level == 2:
        number = r * r if give_area else 2 * r
        target = "circumference" if give_area else "area"
        if give_area:
            half = work.holds("power-as-product")
            radius = number // 2 if half else r
            work.run(
                ("The area has the square of the radius; find the radius.", "Find the radius from the area."),
                f"r = {number} // 2\nprint(r)" if half else f"r = [i for i in range(1, 50) if i**2 == {number}][0]\nprint(r)",
                radius,
            )
        else:
            whole = work.holds("radius-for-diameter")
            radius = number if whole else r
            work.run(
                ("Find the radius from the circumference.", "The circumference gives the radius."),
                f"r = {number}\nprint(r)" if whole else f"r = {number} // 2\nprint(r)",
                radius,
            )
    else:
        target = want
        length = work.copy(shown)
        if (gives == "diameter") != work.holds("radius-for-diameter") or work.holds("radius-for-diameter") and False:
            radius = length // 2
            work.run(
                ("Find the radius.", "Half the diameter is the radius.") if gives == "diameter" else ("Find the radius.",),
                f"r = {length} // 2\nprint(r)",
                radius,
            )
        else:
            radius = length
            work.run(("Find the radius.", "Write down the radius."), f"r = {length}\nprint(r)", radius)
    as_area = (target == "area") != work.holds("area-for-perimeter")
    product = work.holds("power-as-product")
    n = (2 * radius if product else radius * radius) if as_area else 2 * radius
    square = "r * 2" if product else "r**2"
    code = f"n = {square}" if as_area else "n = 2 * r"
    work.run((f"Find the number before pi in the {target}.", f"Now the {target}."), f"{code}\nprint(n)", n)
    work.run(("Multiply by pi.", "Put in the factor pi."), "print(n * pi)", pi_printed(n), sympy=True)
    work.answer((f"This is the {target}.", f"So the {target} is this."), pi_tex(n), instead=radius)
    return work.draft(question, pi_tex(answer))


def right_triangle(rng: random.Random, level: int, student: Student) -> Draft:
    """The third side of a right triangle, a whole number or a radical."""
    whole = level == 2
    if whole:
        p, q, h = rng.choice(((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (4, 3, 5), (12, 5, 13), (20, 21, 29)))
        k = rng.randint(1, 4)
        a, b, square = p * k, q * k, (h * k) ** 2
        c = h * k
    else:
        a, b = rng.randint(2, 12), rng.randint(2, 12)
        square, c = a * a + b * b, 0
    leg = rng.random() < 0.5
    if leg and not whole:
        b = a + rng.randint(1, 8)
    if leg:
        long = c if whole else b
        question = ask(
            rng,
            f"A right triangle has a leg of length {a} and a hypotenuse of length {long}. How long is the other leg?",
            f"The hypotenuse of a right triangle is {long} and one leg is {a}. What is the length of the other leg?",
            f"A ladder of length {long} leans against a wall. Its foot is {a} from the wall. How high does it reach?",
        )
        square = long * long - a * a
    else:
        question = ask(
            rng,
            f"The legs of a right triangle have lengths {a} and {b}. How long is the hypotenuse?",
            f"What is the length of the hypotenuse of a right triangle with legs {a} and {b}?",
            f"A rectangle has sides {a} and {b}. How long is its diagonal?",
        )
        long = b
    work = Work(student)
    first, second = (long, work.copy(a)) if leg else (work.copy(a), b)
    product = work.holds("power-as-product")
    sign = " * 2" if product else "**2"
    p, q = (2 * first, 2 * second) if product else (first * first, second * second)
    work.run(
        ("Square the two lengths.", "Find the squares of the given sides."),
        f"p, q = {first}{sign}, {second}{sign}\nprint(p, q)",
        (p, q),
    )
    minus = leg and not work.holds("keeps-sign")
    n = p - q if minus else p + q
    work.run(
        ("Find the square of the leg.", "The square of the other leg is this.")
        if leg
        else ("Find the square of the hypotenuse.", "Add the squares."),
        f"n = p {'-' if minus else '+'} q\nprint(n)",
        n,
    )
    if work.holds("square-termwise") and not leg:
        # the root of a sum taken term by term is the mirror image of the square taken so
        found = first + second
        work.run(("Take the root.", "Now the root."), f"r = {first} + {second}\nprint(r)", found)
        printed = str(found)
    else:
        work.run(("Take the root.", "Now the root."), "r = sqrt(n)\nprint(r)", root_printed(n), sympy=True)
        printed = root_tex(n)
        found = 0
    if leg:
        side = (
            str(found) if found else "r"
        )
        hyp_ok = a * a + (n if not found else found * found) == long * long
        work.run(
            ("The leg must be shorter than the hypotenuse; check the squares.", "Check the squares of all sides."),
            f"print({a}**2 + {side}**2 == {long}**2)",
            hyp_ok,
        )
    else:
        ok = (found * found if found else n) == a * a + b * b
        work.run(
            ("Check the squares of all sides.", "Check with the squares."),
            f"print(r**2 == {a}**2 + {b}**2)",
            ok,
        )
    work.answer(("This is the length.", "So the length is this."), printed, instead=n)
    return work.draft(question, root_tex(square))


def triangle_angles(rng: random.Random, level: int, student: Student) -> Draft:
    """The angles of a triangle: third angle, isosceles, in a ratio."""
    if level == 1:
        a, b = rng.randint(20, 80), rng.randint(20, 80)
        question = ask(
            rng,
            f"Two angles of a triangle measure {a} and {b} degrees. How many degrees is the third angle?",
            f"In a triangle, one angle is {a} degrees and another is {b} degrees. Find the third angle in degrees.",
            f"A triangle has angles of {a} and {b} degrees. What is its third angle in degrees?",
        )
        answer = 180 - a - b
    elif level == 2:
        a = 2 * rng.randint(10, 70)
        question = ask(
            rng,
            f"In a triangle two sides are equal, and the angle between them is {a} degrees. How many degrees is each of "
            "the other angles?",
            f"The angle at the top of an isosceles triangle measures {a} degrees. Find each base angle in degrees.",
            f"An isosceles triangle has an angle of {a} degrees between its equal sides. What is a base angle in degrees?",
        )
        answer = (180 - a) // 2
    else:
        while True:
            parts = [rng.randint(1, 9) for _ in range(3)]
            if 180 % sum(parts) == 0 and len(set(parts)) == 3:
                break
        which = rng.choice(("largest", "smallest"))
        ratio = ":".join(map(str, parts))
        question = ask(
            rng,
            f"The angles of a triangle are in the ratio {ratio}. How many degrees is the {which} angle?",
            f"The three angles of a triangle have the ratio {ratio}. Find the {which} one in degrees.",
            f"In a triangle the angles are in the ratio {ratio}. What is the {which} angle in degrees?",
        )
        pick = max(parts) if which == "largest" else min(parts)
        answer = 180 // sum(parts) * pick
    work = Work(student)
    total = 360 if work.holds("full-turn") else 180
    if level == 1:
        x = work.copy(a)
        work.run(("Add the two angles.", "Find the sum of the given angles."), f"s = {x} + {b}\nprint(s)", x + b)
        found = total - x - b
        work.run(("The rest is the third angle.", "Subtract from the sum of all angles."), f"c = {total} - s\nprint(c)", found)
        work.run(
            ("Check the sum of all angles.", "All angles must add up to a half turn."),
            f"print({a} + {b} + c == 180)",
            a + b + found == 180,
        )
        work.answer(("This is the angle.", "So the angle is this."), found, instead=x + b)
    elif level == 2:
        x = work.copy(a)
        rest = total - x
        work.run(("Find what is left for the base angles.", "Subtract the top angle."), f"r = {total} - {x}\nprint(r)", rest)
        half = not work.holds("forgets-half")
        found = rest // 2 if half else rest
        work.run(
            ("Both base angles are equal.", "Find one base angle."),
            "b = r // 2\nprint(b)" if half else "b = r\nprint(b)",
            found,
        )
        work.run(
            ("Check the sum of all angles.", "All angles must add up to a half turn."),
            f"print({a} + 2 * b == 180)",
            a + 2 * found == 180,
        )
        work.answer(("This is the angle.", "So the angle is this."), found, instead=rest)
    else:
        k = max(parts) if work.holds("part-for-whole") else sum(parts)
        code = f"k = {k}" if work.holds("part-for-whole") else f"k = {' + '.join(map(str, parts))}"
        work.run(("Count the parts.", "Find the number of parts."), f"{code}\nprint(k)", k)
        one = total // k
        work.run(("Find one part.", "Divide the sum of the angles."), f"one = {total} // k\nprint(one, {total} % k)", (one, total % k))
        found = pick * one
        work.run((f"Find the {which} angle.", f"The {which} one has this many parts."), f"n = {pick} * one\nprint(n)", found)
        work.run(
            ("Check the sum of all angles.", "All angles must add up to a half turn."),
            f"print({' + '.join(f'{p} * one' for p in parts)} == 180)",
            sum(parts) * one == 180,
        )
        work.answer(("This is the angle.", "So the angle is this."), found, instead=one)
    return work.draft(question, answer)


def polygon(rng: random.Random, level: int, student: Student) -> Draft:
    """Angles of a polygon: sum, one angle of a regular one, sides from an angle, diagonals."""
    names = {5: "pentagon", 6: "hexagon", 8: "octagon", 9: "nonagon", 10: "decagon", 12: "dodecagon"}
    n = rng.choice(tuple(names))
    inside = 180 - 360 // n
    if level == 2:
        question = ask(
            rng,
            f"What is the sum of the inside angles of a polygon with {n} sides, in degrees?",
            f"A polygon has {n} sides. Find the sum of its inside angles in degrees.",
            f"How many degrees do the inside angles of {_a(names[n])} add up to?",
        )
        answer = (n - 2) * 180
    elif level == 3:
        n = rng.choice((5, 6, 8, 9, 10, 12, 15, 18, 20))
        question = ask(
            rng,
            f"What is each inside angle of a regular polygon with {n} sides, in degrees?",
            f"A regular polygon has {n} sides. Find one of its inside angles in degrees.",
            f"All sides and angles of a polygon with {n} sides are equal. How many degrees is one angle?",
        )
        answer = (n - 2) * 180 // n
    else:
        n = rng.choice((5, 6, 8, 9, 10, 12, 15, 18, 20, 24, 30, 36))
        inside = 180 - 360 // n
        question = ask(
            rng,
            f"Each inside angle of a regular polygon is {inside} degrees. How many sides does it have?",
            f"A regular polygon has inside angles of {inside} degrees. Find the number of its sides.",
            f"How many sides does a regular polygon with inside angles of {inside} degrees have?",
        )
        answer = n
    work = Work(student)
    late = work.holds("off-by-one")
    if level < 4:
        m = work.copy(n)
        k = m - 1 if late else m - 2
        work.run(
            ("Count the triangles in the polygon.", "How many triangles make it up?"),
            f"t = {m} - {1 if late else 2}\nprint(t)",
            k,
        )
        turn = 360 if work.holds("full-turn") else 180
        total = k * turn
        work.run(("Find the sum of the angles.", "Each triangle adds its angles."), f"s = t * {turn}\nprint(s)", total)
        if level == 2:
            work.answer(("This is the sum.", "So the sum is this."), total, instead=k)
            return work.draft(question, answer)
        found = total // n
        work.run(
            ("Divide by the number of angles.", "All angles are equal."),
            f"a = s // {n}\nprint(a, s % {n})",
            (found, total % n),
        )
        work.run(
            ("An inside angle must be less than 180.", "Check that it is less than 180."),
            "print(a < 180)",
            found < 180,
        )
        work.answer(("This is the angle.", "So the angle is this."), found, instead=total)
        return work.draft(question, answer)
    turn = 360 if work.holds("full-turn") else 180
    outside = turn - inside
    work.run(("Find the outside angle.", "First the outside angle."), f"e = {turn} - {inside}\nprint(e)", outside)
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
    return work.draft(question, answer)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def triangle_area(rng: random.Random, level: int, student: Student) -> Draft:
    """Area of a triangle from base and height, or from the coordinates of its corners."""
    if level == 2:
        base, height = rng.randint(3, 30), rng.randint(3, 30)
        question = ask(
            rng,
            f"A triangle has a base of {base} and a height of {height}. What is its area?",
            f"Find the area of a triangle with base {base} and height {height}.",
            f"The legs of a right triangle are {base} and {height} long. What is its area?",
        )
        work = Work(student)
        b = work.copy(base)
        work.run(("Multiply base and height.", "Find the product of both."), f"p = {b} * {height}\nprint(p)", b * height)
        if work.holds("forgets-half"):
            work.answer(("This is the area.", "So the area is this."), b * height)
        else:
            found = Fraction(b * height, 2)
            work.run(("A triangle is half of that.", "Halve it."), "a = Rational(p, 2)\nprint(a)", found, sympy=True)
            work.answer(("This is the area.", "So the area is this."), tex(found), instead=b * height)
        return work.draft(question, tex(Fraction(base * height, 2)))
    while True:
        ax, ay, bx, by, cx, cy = (rng.randint(-6, 9) for _ in range(6))
        if level == 3:
            ax, ay = 0, 0
        double = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        if double and abs(double) > 5:
            break
    corners = f"$({ax}, {ay})$, $({bx}, {by})$ and $({cx}, {cy})$"
    question = ask(
        rng,
        f"What is the area of the triangle with vertices {corners}?",
        f"A triangle has its corners at {corners}. Find its area.",
        f"The points {corners} are the vertices of a triangle. What is its area?",
    )
    work = Work(student)
    ux, uy, vx, vy = bx - ax, by - ay, cx - ax, cy - ay
    work.run(
        ("Go from the first corner to the second.", "Find the first side as a vector."),
        f"u, v = {bx}{_less(ax)}, {by}{_less(ay)}\nprint(u, v)",
        (ux, uy),
    )
    work.run(
        ("Go from the first corner to the third.", "Now the second side."),
        f"s, t = {cx}{_less(ax)}, {cy}{_less(ay)}\nprint(s, t)",
        (vx, vy),
    )
    plus_sign = work.holds("keeps-sign")
    d = ux * vy + uy * vx if plus_sign else ux * vy - uy * vx
    work.run(
        ("Multiply crosswise.", "Find the cross product."),
        f"d = u * t {'+' if plus_sign else '-'} v * s\nprint(d)",
        d,
    )
    half = not work.holds("forgets-half")
    found = Fraction(abs(d), 2) if half else Fraction(abs(d))
    work.run(
        ("The area is half its size.", "Halve it without the sign."),
        "a = Rational(abs(d), 2)\nprint(a)" if half else "a = abs(d)\nprint(a)",
        found,
        sympy=half,
    )
    work.answer(("This is the area.", "So the area is this."), tex(found), instead=abs(d))
    return work.draft(question, tex(Fraction(abs(double), 2)))


def _less(number: int) -> str:
    return f" - ({number})" if number < 0 else f" - {number}"


def similar(rng: random.Random, level: int, student: Student) -> Draft:
    """Similar figures: lengths, then areas and volumes."""
    a, b = rng.sample(range(2, 8), 2)
    k = rng.randint(2, 9)
    if level == 2:
        question = ask(
            rng,
            f"Two triangles are similar. A side of {a * 2} in the first is {b * 2} in the second. Another side of the first "
            f"is {a * k}. How long is it in the second?",
            f"A pole of {a * 2} feet has a shadow of {b * 2} feet. A tree nearby is {a * k} feet high. How long is its "
            "shadow in feet?",
            f"On a map {a * 2} inches are {b * 2} miles. How many miles are {a * k} inches?",
        )
        answer = b * k
    else:
        power, what = (2, "area") if level == 3 else (3, "volume")
        shapes = rng.choice(("triangles", "rectangles", "kites") if level == 3 else ("boxes", "cones", "pyramids"))
        unit = rng.randint(2, 6)
        size = a**power * unit
        question = ask(
            rng,
            f"Two similar {shapes} have sides in the ratio {a}:{b}. The first one has {what} {size}. What is the {what} of "
            "the second one?",
            f"The sides of two similar {shapes} have the ratio {a}:{b}, and the {what} of the first is {size}. Find the "
            f"{what} of the second.",
            f"The first of two similar {shapes} has {what} {size}. Its sides are to those of the second as {a}:{b}. What "
            f"is the {what} of the second?",
        )
        answer = b**power * unit
    work = Work(student)
    if level == 2:
        side = work.copy(a * k)
        flips = work.holds("run-over-rise")
        p, q = (a * 2, b * 2) if flips else (b * 2, a * 2)
        work.run(
            ("Multiply by the matching side of the second.", "Scale the length up."), f"n = {side} * {p}\nprint(n)", side * p
        )
        found = side * p // q
        work.run(
            ("Divide by the side of the first.", "Divide to finish."),
            f"x = n // {q}\nprint(x, n % {q})",
            (found, side * p % q),
        )
        work.run(
            ("Check that the ratios are the same.", "Compare the ratios crosswise."),
            f"print({a * 2} * x == {b * 2} * {a * k})",
            a * 2 * found == b * 2 * a * k,
        )
        work.answer(("This is the length.", "So it is this long."), found, instead=side * p)
        return work.draft(question, answer)
    linear = work.holds("scales-linearly")
    product = work.holds("power-as-product")
    p, q = (a, b) if linear else (a * power, b * power) if product else (a**power, b**power)
    code = f"p, q = {a}, {b}" if linear else f"p, q = {a} * {power}, {b} * {power}" if product else f"p, q = {a}**{power}, {b}**{power}"
    work.run((f"Find the ratio of the {what}s.", f"The {what}s have this ratio."), f"{code}\nprint(p, q)", (p, q))
    one = size // p
    work.run(("Divide by the first part.", "Find one part."), f"one = {size} // p\nprint(one, {size} % p)", (one, size % p))
    work.run((f"Now the {what} of the second.", "Multiply by the second part."), "n = one * q\nprint(n)", one * q)
    work.answer((f"This is the {what}.", f"So the {what} is this."), one * q, instead=one)
    return work.draft(question, answer)


def solid(rng: random.Random, level: int, student: Student) -> Draft:
    """Volume and surface of a box, volume of a cylinder and of a cone."""
    a, b, c = (rng.randint(2, 12) for _ in range(3))
    if level == 2:
        want = rng.choice(("volume", "surface area"))
        question = ask(
            rng,
            f"A box has edges of {a}, {b} and {c}. What is its {want}?",
            f"Find the {want} of a box that is {a} long, {b} wide and {c} high.",
            f"The edges of a box have lengths {a}, {b} and {c}. How large is its {want}?",
        )
        work = Work(student)
        x = work.copy(a)
        swaps = work.holds("area-for-perimeter")
        if (want == "volume") != swaps:
            work.run(("Find the base of the box.", "First length times width."), f"g = {x} * {b}\nprint(g)", x * b)
            found = x * b * c
            work.run(("Multiply by the height.", "Now the height."), f"n = g * {c}\nprint(n)", found)
        else:
            half = x * b + x * c + b * c
            work.run(
                ("Add the three different faces.", "Find the faces and add them."),
                f"f = {x} * {b} + {x} * {c} + {b} * {c}\nprint(f)",
                half,
            )
            found = half if work.holds("forgets-half") else 2 * half
            work.run(
                ("Each face comes twice.", "Count all faces."),
                "n = f\nprint(n)" if found == half else "n = 2 * f\nprint(n)",
                found,
            )
        work.answer((f"This is the {want}.", f"So the {want} is this."), found)
        return work.draft(question, a * b * c if want == "volume" else 2 * (a * b + a * c + b * c))
    r, h = rng.randint(2, 9), rng.randint(2, 15)
    cone = level == 4
    gives = rng.choice(("radius", "diameter"))
    if cone:
        h = 3 * rng.randint(1, 6)
    shape = "cone" if cone else "cylinder"
    size = r if gives == "radius" else 2 * r
    question = ask(
        rng,
        f"A {shape} has a base with {gives} {size} and height {h}. What is its volume in terms of $\\pi$?",
        f"Find the volume of a {shape} with {gives} {size} and height {h}. Give the answer in terms of $\\pi$.",
        f"The {gives} of a {shape} is {size} and its height is {h}. What is its volume, as a multiple of $\\pi$?",
    )
    work = Work(student)
    halves = (gives == "diameter") != work.holds("radius-for-diameter")
    radius = size // 2 if halves else size
    work.run(("Find the radius.", "First the radius."), f"r = {size} // 2\nprint(r)" if halves else f"r = {size}\nprint(r)", radius)
    product = work.holds("power-as-product")
    base = 2 * radius if product else radius * radius
    work.run(
        ("Find the base without pi.", "The base has the square of the radius."),
        "b = r * 2\nprint(b)" if product else "b = r**2\nprint(b)",
        base,
    )
    n = base * h
    work.run(("Multiply by the height.", "Now the height."), f"n = b * {h}\nprint(n)", n)
    if cone and not work.holds("forgets-half"):
        work.run(("A cone is a third of that.", "Take a third."), "n = n // 3\nprint(n)", n // 3)
        n //= 3
    work.run(("Multiply by pi.", "Put in the factor pi."), "print(n * pi)", pi_printed(n), sympy=True)
    work.answer(("This is the volume.", "So the volume is this."), pi_tex(n), instead=pi_tex(base))
    return work.draft(question, pi_tex(r * r * h // (3 if cone else 1)))


def coordinates(rng: random.Random, level: int, student: Student) -> Draft:
    """Midpoint, other end of a segment, distance of two points."""
    ax, ay = rng.randint(-9, 9), rng.randint(-9, 9)
    dx, dy = nonzero(rng, -6, 6), nonzero(rng, -6, 6)
    mx, my, bx, by = ax + dx, ay + dy, ax + 2 * dx, ay + 2 * dy
    work = Work(student)
    if level == 1:
        question = ask(
            rng,
            f"What is the midpoint of the segment from $({ax}, {ay})$ to $({bx}, {by})$?",
            f"Find the point halfway between $({ax}, {ay})$ and $({bx}, {by})$.",
            f"A segment has ends $({ax}, {ay})$ and $({bx}, {by})$. What is its midpoint?",
        )
        minus = work.holds("keeps-sign")
        s, t = (bx - ax, by - ay) if minus else (ax + bx, ay + by)
        work.run(
            ("Add the coordinates of both ends.", "Combine x with x and y with y."),
            f"s, t = {bx}{_less(ax)}, {by}{_less(ay)}\nprint(s, t)"
            if minus
            else f"s, t = {ax}{_more(bx)}, {ay}{_more(by)}\nprint(s, t)",
            (s, t),
        )
        half = not work.holds("forgets-half")
        u, v = (s // 2, t // 2) if half else (s, t)
        work.run(
            ("Halve both.", "Find the mean."),
            "u, v = s // 2, t // 2\nprint(u, v)" if half else "u, v = s, t\nprint(u, v)",
            (u, v),
        )
        work.run(
            ("Both ends must be equally far in x and y.", "Check the way to both ends."),
            f"print({bx} - u == u{_less(ax)}, {by} - v == v{_less(ay)})",
            (bx - u == u - ax, by - v == v - ay),
        )
        work.answer(("This is the midpoint.", "So the midpoint is this."), f"({u}, {v})", instead=f"({s}, {t})")
        return work.draft(question, f"({mx}, {my})")
    if level == 2:
        question = ask(
            rng,
            f"The midpoint of a segment is $({mx}, {my})$, and one end is $({ax}, {ay})$. What is the other end?",
            f"A segment from $({ax}, {ay})$ has its midpoint at $({mx}, {my})$. Find its other end.",
            f"The point $({mx}, {my})$ is halfway between $({ax}, {ay})$ and a point $P$. What is $P$?",
        )
        half = work.holds("forgets-half")
        s, t = (mx, my) if half else (2 * mx, 2 * my)
        work.run(
            ("Double the midpoint.", "The midpoint counts twice."),
            f"s, t = {mx}, {my}\nprint(s, t)" if half else f"s, t = 2 * {_p(mx)}, 2 * {_p(my)}\nprint(s, t)",
            (s, t),
        )
        keeps = work.holds("keeps-sign")
        u, v = (s + ax, t + ay) if keeps else (s - ax, t - ay)
        work.run(
            ("Take away the known end.", "Find the other end."),
            f"u, v = s{_more(ax)}, t{_more(ay)}\nprint(u, v)" if keeps else f"u, v = s{_less(ax)}, t{_less(ay)}\nprint(u, v)",
            (u, v),
        )
        work.run(
            ("Check the midpoint.", "Check the sum of the ends."),
            f"print({ax} + u == 2 * {_p(mx)}, {ay} + v == 2 * {_p(my)})",
            (ax + u == 2 * mx, ay + v == 2 * my),
        )
        work.answer(("This is the point.", "So the other end is this."), f"({u}, {v})", instead=f"({s}, {t})")
        return work.draft(question, f"({bx}, {by})")
    question = ask(
        rng,
        f"What is the distance between the points $({ax}, {ay})$ and $({bx}, {by})$?",
        f"Find the distance from $({ax}, {ay})$ to $({bx}, {by})$.",
        f"How long is the segment from $({ax}, {ay})$ to $({bx}, {by})$?",
    )
    drops = work.holds("drops-negative")
    cx, cy = (abs(ax), abs(ay)) if drops else (ax, ay)
    ex, ey = (abs(bx), abs(by)) if drops else (bx, by)
    work.run(
        ("Find the differences in x and y.", "How far apart are x and y?"),
        f"u, v = {ex}{_less(cx)}, {ey}{_less(cy)}\nprint(u, v)",
        (ex - cx, ey - cy),
    )
    u, v = ex - cx, ey - cy
    product = work.holds("power-as-product")
    n = 2 * u + 2 * v if product else u * u + v * v
    work.run(
        ("Add the squares.", "Square both and add."),
        "n = u * 2 + v * 2\nprint(n)" if product else "n = u**2 + v**2\nprint(n)",
        n,
    )
    work.run(("Take the root.", "Now the root."), "print(sqrt(n))", root_printed(n), sympy=True)
    work.answer(("This is the distance.", "So the distance is this."), root_tex(n), instead=n)
    return work.draft(question, root_tex(4 * (dx * dx + dy * dy)))


def _more(number: int) -> str:
    return f" + ({number})" if number < 0 else f" + {number}"


def _p(number: int) -> str:
    return f"({number})" if number < 0 else str(number)


def sector(rng: random.Random, level: int, student: Student) -> Draft:
    """Length of an arc or area of a sector, as a multiple of pi."""
    angle = rng.choice((30, 40, 45, 60, 72, 90, 120, 135, 150))
    r = rng.randint(2, 12)
    arc = level == 3
    what = "length of the arc" if arc else "area of the sector"
    question = ask(
        rng,
        f"In a circle of radius {r}, what is the {what} with a central angle of {angle} degrees, in terms of $\\pi$?",
        f"A circle has radius {r}. Find the {what} that belongs to a central angle of {angle} degrees, in terms of $\\pi$.",
        f"The radius of a circle is {r}. A central angle measures {angle} degrees. What is the {what}, as a multiple of "
        "$\\pi$?",
    )
    work = Work(student)
    half_turn = work.holds("full-turn")
    turn = 180 if half_turn else 360
    part = Fraction(angle, turn)
    work.run(
        ("Find the part of the full turn.", "Which part of the circle is it?"),
        f"f = Rational({angle}, {turn})\nprint(f)",
        part,
        sympy=True,
    )
    size = work.copy(r)
    as_arc = arc != work.holds("area-for-perimeter")
    product = work.holds("power-as-product")
    whole = 2 * size if as_arc or product else size * size
    code = f"w = 2 * {size}" if as_arc else f"w = {size} * 2" if product else f"w = {size}**2"
    work.run(
        ("Find the whole circumference without pi.", "The whole circle without pi.")
        if arc
        else ("Find the area of the circle without pi.", "The whole area without pi."),
        f"{code}\nprint(w)",
        whole,
    )
    found = part * whole
    work.run(("Take this part and multiply by pi.", "Multiply both and put in pi."), "print(f * w * pi)", pi_printed(found))
    work.answer((f"This is the {what.split()[0]}.", f"So the {what.split()[0]} is this."), pi_tex(found), instead=pi_tex(whole))
    return work.draft(question, pi_tex(Fraction(angle, 360) * (2 * r if arc else r * r)))


FAMILIES: FamilyTable = {
    "geometry/rectangle": (rectangle, frozenset({1, 2})),
    "geometry/circle": (circle, frozenset({1, 2, 3})),
    "geometry/right-triangle": (right_triangle, frozenset({2, 3})),
    "geometry/triangle-angles": (triangle_angles, frozenset({1, 2, 3})),
    "geometry/polygon": (polygon, frozenset({2, 3, 4})),
    "geometry/triangle-area": (triangle_area, frozenset({2, 3, 4})),
    "geometry/similar": (similar, frozenset({2, 3, 4})),
    "geometry/solid": (solid, frozenset({2, 3, 4})),
    "geometry/coordinates": (coordinates, frozenset({1, 2, 3})),
    "geometry/sector": (sector, frozenset({3, 4})),
}
