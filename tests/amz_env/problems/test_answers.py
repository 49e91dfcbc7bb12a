"""Every answer of the sets listed below is found again from the question's text by a second computation."""

import pytest

from amz_env.problems import families
from amz_env.problems.base import rng_of
from amz_env.problems.students import perfect
from tests.amz_env.problems.clue_solvers import CHECKS as CLUES
from tests.amz_env.problems.deeper_solvers import CHECKS as DEEPER
from tests.amz_env.problems.gaokao_solvers import CHECKS as GAOKAO
from tests.amz_env.problems.guess_solvers import CHECKS as GUESS
from tests.amz_env.problems.math_solvers import CHECKS as MATH

SETS = {
    "mini-math": (MATH, 30),
    "mini-guess": ({**GUESS, **CLUES}, 30),
    "mini-gaokao": ({**GAOKAO, **DEEPER, **CLUES}, 12),
}
"""set -> (its checks, draws of each family and level)"""


@pytest.mark.parametrize("name", SETS)
def test_every_family_has_a_check(name: str) -> None:
    assert set(SETS[name][0]) == set(families(name))


@pytest.mark.parametrize(("name", "subject"), [(name, subject) for name in SETS for subject in SETS[name][0]])
def test_answer_is_found_again_from_the_question(name: str, subject: str) -> None:
    family, levels = families(name)[subject]
    checks, draws = SETS[name]
    for level in sorted(levels):
        for index in range(draws):
            draft = family(rng_of("answers", subject, level, index), level, perfect())
            assert checks[subject](draft.question, draft.answer, level), (draft.question, draft.answer)
