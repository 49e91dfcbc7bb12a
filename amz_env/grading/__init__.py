"""Grading: is a predicted answer equal to the reference? docs/grading.md states the conventions."""

from amz_env.grading.extract import extract_answer
from amz_env.grading.service import grade, grade_async, grade_many, warm_up
from amz_env.grading.types import Extraction, Grade, Judged

__all__ = ["Extraction", "Grade", "Judged", "extract_answer", "grade", "grade_async", "grade_many", "warm_up"]
