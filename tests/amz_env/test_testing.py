"""The contract of problem sources sees the faults that it is there for; that of agents has its tests beside agents."""

import itertools
from dataclasses import replace

import pytest

from amz_env import Grade, Problem, answer_action, code_action
from amz_env.grading import Judged
from amz_env.testing import ProblemSourceContract

RIGHT = (code_action("Triple.", "print(2 * 3)"), answer_action("So.", "6"))
SOUND = [Problem(str(n), f"What is {n} times 3?", str(3 * n), "test") for n in range(5)]
SOUND[2] = replace(SOUND[2], solution=RIGHT)
calls = itertools.count()


class Moody(list):
    def __getitem__(self, index):
        return replace(super().__getitem__(index), question=f"Question {next(calls)}")


class Endless(list):
    def __getitem__(self, index):
        return super().__getitem__(index) if isinstance(index, slice) else super().__getitem__(index % len(self))


def spoilt(**changes):
    return [*SOUND[:2], replace(SOUND[2], **changes), *SOUND[3:]]


FAULTS = {
    "test_it_holds_problems_that_can_be_asked": [[], spoilt(id="1"), spoilt(question=" "), spoilt(answer=("6", ""))],
    "test_an_item_is_a_function_of_its_index": [Moody(SOUND)],
    "test_it_is_indexed_like_a_sequence": [Endless(SOUND)],
    "test_reference_answers_grade_as_correct": [
        spoilt(answer=Judged("6", lambda prediction: Grade(False, "wrong", "never")))
    ],
    "test_reference_solutions_earn_the_reward": [spoilt(answer="7"), spoilt(solution=RIGHT[:1])],
}


def contract_of(source):
    class Contract(ProblemSourceContract):
        def make_source(self):
            return source

    return Contract()


@pytest.mark.parametrize("test", FAULTS)
def test_the_contract_sees_the_fault_and_passes_what_is_sound(test):
    getattr(contract_of(SOUND), test)()
    for source in FAULTS[test]:
        with pytest.raises(AssertionError):
            getattr(contract_of(source), test)()
