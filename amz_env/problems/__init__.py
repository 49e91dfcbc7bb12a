"""Where problems come from: built-in generators and files, behind one call."""

from amz_env.problems.base import SPLITS, Problem, ProblemSource, Split, split_of
from amz_env.problems.generated import BUILTIN, GeneratedProblems, families, misconceptions
from amz_env.problems.loading import load_problems

__all__ = [
    "BUILTIN",
    "SPLITS",
    "GeneratedProblems",
    "Problem",
    "ProblemSource",
    "Split",
    "families",
    "load_problems",
    "misconceptions",
    "split_of",
]
