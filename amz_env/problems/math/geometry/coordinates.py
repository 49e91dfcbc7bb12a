"""Midpoints and distances."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.math.forms import (
    less,
    more,
    root_printed,
    root_tex,
    wrapped,
)
from amz_env.problems.math.work import Work, ask, nonzero
from amz_env.problems.students import Student

Point = tuple[int, int]


def coordinates(rng: random.Random, level: int, student: Student) -> Draft:
    """Midpoint, other end of a segment, distance of two points."""
    ax, ay = rng.randint(-9, 9), rng.randint(-9, 9)
    dx, dy = nonzero(rng, -6, 6), nonzero(rng, -6, 6)
    mx, my, bx, by = ax + dx, ay + dy, ax + 2 * dx, ay + 2 * dy
    ends = ((ax, ay), (bx, by))
    if level == 1:
        return _midpoint(rng, ends, (mx, my), student)
    if level == 2:
        return _other_end(rng, ends, (mx, my), student)
    return _distance(rng, ends, student)


def _midpoint(rng: random.Random, ends: tuple[Point, Point], middle: Point, student: Student) -> Draft:
    (ax, ay), (bx, by), (mx, my) = *ends, middle
    question = ask(
        rng,
        f"What is the midpoint of the segment from $({ax}, {ay})$ to $({bx}, {by})$?",
        f"Find the point halfway between $({ax}, {ay})$ and $({bx}, {by})$.",
        f"A segment has ends $({ax}, {ay})$ and $({bx}, {by})$. What is its midpoint?",
    )
    work = Work(student)
    minus = work.holds("keeps-sign")
    s, t = (bx - ax, by - ay) if minus else (ax + bx, ay + by)
    work.run(
        ("Add the coordinates of both ends.", "Combine x with x and y with y."),
        f"s, t = {bx}{less(ax)}, {by}{less(ay)}\nprint(s, t)"
        if minus
        else f"s, t = {ax}{more(bx)}, {ay}{more(by)}\nprint(s, t)",
        (s, t),
        fits=(f"(s{less(bx)}, t{less(by)}) == ({ax}, {ay})", (s - bx, t - by) == (ax, ay)),
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
        f"print({bx} - u == u{less(ax)}, {by} - v == v{less(ay)})",
        (bx - u == u - ax, by - v == v - ay),
    )
    work.answer(("This is the midpoint.", "So the midpoint is this."), f"({u}, {v})", instead=f"({s}, {t})")
    return work.draft(question, f"({mx}, {my})")


def _other_end(rng: random.Random, ends: tuple[Point, Point], middle: Point, student: Student) -> Draft:
    (ax, ay), (bx, by), (mx, my) = *ends, middle
    question = ask(
        rng,
        f"The midpoint of a segment is $({mx}, {my})$, and one end is $({ax}, {ay})$. What is the other end?",
        f"A segment from $({ax}, {ay})$ has its midpoint at $({mx}, {my})$. Find its other end.",
        f"The point $({mx}, {my})$ is halfway between $({ax}, {ay})$ and a point $P$. What is $P$?",
    )
    work = Work(student)
    half = work.holds("forgets-half")
    s, t = (mx, my) if half else (2 * mx, 2 * my)
    work.run(
        ("Double the midpoint.", "The midpoint counts twice."),
        f"s, t = {mx}, {my}\nprint(s, t)" if half else f"s, t = 2 * {wrapped(mx)}, 2 * {wrapped(my)}\nprint(s, t)",
        (s, t),
        fits=(f"(s{less(mx)}, t{less(my)}) == ({mx}, {my})", (s - mx, t - my) == (mx, my)),
    )
    keeps = work.holds("keeps-sign")
    u, v = (s + ax, t + ay) if keeps else (s - ax, t - ay)
    work.run(
        ("Take away the known end.", "Find the other end."),
        f"u, v = s{more(ax)}, t{more(ay)}\nprint(u, v)" if keeps else f"u, v = s{less(ax)}, t{less(ay)}\nprint(u, v)",
        (u, v),
    )
    work.run(
        ("Check the midpoint.", "Check the sum of the ends."),
        f"print({ax} + u == 2 * {wrapped(mx)}, {ay} + v == 2 * {wrapped(my)})",
        (ax + u == 2 * mx, ay + v == 2 * my),
    )
    work.answer(("This is the point.", "So the other end is this."), f"({u}, {v})", instead=f"({s}, {t})")
    return work.draft(question, f"({bx}, {by})")


def _distance(rng: random.Random, ends: tuple[Point, Point], student: Student) -> Draft:
    (ax, ay), (bx, by) = ends
    question = ask(
        rng,
        f"What is the distance between the points $({ax}, {ay})$ and $({bx}, {by})$?",
        f"Find the distance from $({ax}, {ay})$ to $({bx}, {by})$.",
        f"How long is the segment from $({ax}, {ay})$ to $({bx}, {by})$?",
    )
    work = Work(student)
    drops = work.holds("drops-negative")
    cx, cy = (abs(ax), abs(ay)) if drops else (ax, ay)
    ex, ey = (abs(bx), abs(by)) if drops else (bx, by)
    work.run(
        ("Find the differences in x and y.", "How far apart are x and y?"),
        f"u, v = {ex}{less(cx)}, {ey}{less(cy)}\nprint(u, v)",
        (ex - cx, ey - cy),
        fits=(f"({ax} + u, {ay} + v) == ({bx}, {by})", (ex - cx, ey - cy) == (bx - ax, by - ay)),
    )
    u, v = ex - cx, ey - cy
    product = work.holds("power-as-product")
    n = 2 * u + 2 * v if product else u * u + v * v
    work.run(
        ("Add the squares.", "Square both and add."),
        "n = u * 2 + v * 2\nprint(n)" if product else "n = u**2 + v**2\nprint(n)",
        n,
        fits=("n + 2 * u * v == (u + v)**2", n + 2 * u * v == (u + v) ** 2),
    )
    work.run(("Take the root.", "Now the root."), "print(sqrt(n))", root_printed(n), sympy=True)
    work.answer(("This is the distance.", "So the distance is this."), root_tex(n), instead=n)
    return work.draft(question, root_tex((bx - ax) ** 2 + (by - ay) ** 2))
