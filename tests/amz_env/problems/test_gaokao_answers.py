"""mini-gaokao: every answer is found again from the question's text by a second computation."""

import pytest

from amz_env.problems.base import rng_of
from amz_env.problems.gaokao import FAMILIES
from amz_env.problems.students import perfect
from tests.amz_env.problems.gaokao_solvers import CHECKS

DRAWS = 12


def test_every_family_has_a_check() -> None:
    assert set(CHECKS) == set(FAMILIES)


@pytest.mark.parametrize("subject", CHECKS)
def test_answer_is_found_again_from_the_question(subject: str) -> None:
    family, levels = FAMILIES[subject]
    for level in sorted(levels):
        for index in range(DRAWS):
            draft = family(rng_of("answers", subject, level, index), level, perfect())
            assert CHECKS[subject](draft.question, draft.answer, level), (draft.question, draft.answer)
