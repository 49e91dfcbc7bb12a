"""A reference whose source itself is the judge."""

import asyncio
import copy
import json
import pickle
from dataclasses import asdict, dataclass

import pytest

from amz_env import MathReasoningEnv, Problem, answer_action, grade
from amz_env.grading import Grade, Judged, grade_async, grade_many
from amz_env.grading.types import verdict


@dataclass(frozen=True)
class Longer:
    """Right is what is longer than `length`."""

    length: int

    def __call__(self, prediction: str) -> Grade:
        return verdict(len(prediction) > self.length, "test:longer")


REFERENCE = Judged("abcd", Longer(3))


def test_the_judge_decides_in_every_way_of_asking():
    assert [grade(text, REFERENCE).correct for text in ("wxyz", "abc")] == [True, False]
    assert [one.reason for one in grade_many([("wxyz", REFERENCE), ("1", "1.0")])] == ["test:longer", "exact:number"]
    assert (
        asyncio.run(grade_async("wxyz", REFERENCE)).correct and not asyncio.run(grade_async("abc", REFERENCE)).correct
    )
    with pytest.raises(TypeError, match="prediction must be a string"):
        grade(5, REFERENCE)


def test_it_is_text_and_keeps_its_judge_on_the_way():
    assert REFERENCE == "abcd" and json.dumps(REFERENCE) == '"abcd"'
    for one in (pickle.loads(pickle.dumps(REFERENCE)), copy.deepcopy(REFERENCE)):
        assert isinstance(one, Judged) and (one, one.judge) == ("abcd", Longer(3))


def test_the_environment_rewards_what_the_judge_accepts():
    problem = Problem(id="1", question="Four letters?", answer=REFERENCE, source="here")
    assert asdict(problem)["answer"] == "abcd"
    env = MathReasoningEnv([problem])
    for answer, reward in (("wxyz", 1.0), ("abc", -1.0)):
        env.reset(seed=0)
        assert "judge" not in repr(env.get_state())
        assert env.step(answer_action("So.", answer))[1] == reward
