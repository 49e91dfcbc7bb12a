"""mini-math: competition-style exercises in the seven subjects of MATH."""

from importlib import import_module

from amz_env.problems.base import FamilyTable
from amz_env.problems.math.misconceptions import MISCONCEPTIONS as MISCONCEPTIONS

FAMILIES: FamilyTable = {}
for _s in "prealgebra algebra number_theory counting geometry intermediate precalculus".split():
    try:
        FAMILIES.update(import_module(f"amz_env.problems.math.{_s}").FAMILIES)
    except ModuleNotFoundError:
        pass
