"""A second way to the answers of mini-gaokao, from the question's text alone; those of `deeper` stand beside it."""

from tests.amz_env.problems.gaokao_solvers import algebra, counting, figures, stories, trials

CHECKS = {**algebra.CHECKS, **counting.CHECKS, **figures.CHECKS, **stories.CHECKS, **trials.CHECKS}
"""family -> whether an answer is the right one for a question of a level"""
