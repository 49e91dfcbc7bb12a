"""Unknown start: sums with a difference or ratio, working back, numbers that fit. All of them can be checked."""

import random

from amz_env.problems.base import Draft
from amz_env.problems.gsm.families.unknown_back import draw_back
from amz_env.problems.gsm.families.unknown_search import draw_search
from amz_env.problems.gsm.families.unknown_sums import draw_sum
from amz_env.problems.gsm.story import pick_operations
from amz_env.problems.gsm.work import write
from amz_env.problems.students import Student


def unknown_start(rng: random.Random, level: int, student: Student) -> Draft:
    """Draw and work one problem."""
    operations = pick_operations(rng, level)
    while True:
        story = rng.choice((draw_sum, draw_back, draw_search))(rng, operations)
        if story is not None:
            return write(story, student)
