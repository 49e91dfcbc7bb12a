"""What every problem source promises, as tests: inherit `ProblemSourceContract` to check a source of your own.

    class TestMySource(ProblemSourceContract):
        def make_source(self) -> ProblemSource:
            return MySource(seed=3)

pytest collects the inherited tests. Nothing here imports pytest.
"""

import json
import pickle

import gymnasium as gym

from amz_env.env import MathReasoningEnv
from amz_env.grading import grade
from amz_env.problems import Problem, ProblemSource


class ProblemSourceContract:
    """The contract of `ProblemSource`; `make_source` makes the one under test.

    Attributes:
        checked: how many problems from the start are looked at.
    """

    checked: int = 50

    def make_source(self) -> ProblemSource:
        """Return a new source; two calls must return equal ones."""
        raise NotImplementedError("return the source under test")

    def _problems(self) -> list[Problem]:
        source = self.make_source()
        return [source[i] for i in range(min(self.checked, len(source)))]

    def test_it_holds_problems_that_can_be_asked(self) -> None:
        """Every problem has an id, a question and an answer that are texts; ids do not repeat."""
        problems = self._problems()
        assert problems, "an empty source"
        for problem in problems:
            assert isinstance(problem, Problem)
            assert problem.question.strip(), f"{problem.id}: empty question"
            assert problem.answer and all(map(str.strip, _references(problem))), f"{problem.id}: empty answer"
            assert problem.level >= 0
        assert len({problem.id for problem in problems}) == len(problems), "ids repeat"

    def test_an_item_is_a_function_of_its_index(self) -> None:
        """Another source of the same arguments, read backwards, gives the same items; so does a pickled one."""
        problems = self._problems()
        other = self.make_source()
        assert [other[i] for i in reversed(range(len(problems)))] == problems[::-1]
        copied: ProblemSource = pickle.loads(pickle.dumps(self.make_source()))
        assert [copied[i] for i in range(len(problems))] == problems

    def test_it_is_indexed_like_a_sequence(self) -> None:
        """Negative indices and slices work, and an index beyond the end raises IndexError."""
        source = self.make_source()
        size = len(source)
        assert source[-1] == source[size - 1]
        assert list(source[: min(3, size)]) == [source[i] for i in range(min(3, size))]
        for index in (size, -size - 1):
            try:
                source[index]
            except IndexError:
                continue
            raise AssertionError(f"index {index} of {size} problems raises no IndexError")

    def test_reference_answers_grade_as_correct(self) -> None:
        """The grader takes each reference answer for correct."""
        wrong = [p.id for p in self._problems() for answer in _references(p) if not grade(answer, p.answer).correct]
        assert not wrong, f"reference answers that do not grade as correct against themselves: {wrong}"

    def test_reference_solutions_earn_the_reward(self) -> None:
        """Each solution that comes with a problem is replayed through the environment, to reward +1."""
        source = self.make_source()
        env = MathReasoningEnv(source, max_steps=20)
        for index, problem in enumerate(self._problems()):
            if problem.solution:
                reward = replay(env, index, problem.solution)
                assert reward == 1.0, f"{problem.id}: its solution earns {reward}: {json.dumps(problem.solution)}"


def replay(env: gym.Env[str, str], index: int, actions: tuple[str, ...]) -> float:
    """Return the last reward of playing `actions` on problem `index`; stops where the episode does."""
    env.reset(options={"index": index})
    reward = 0.0
    for action in actions:
        _, last, terminated, truncated, _ = env.step(action)
        reward = float(last)
        if terminated or truncated:
            break
    return reward


def _references(problem: Problem) -> tuple[str, ...]:
    return (problem.answer,) if isinstance(problem.answer, str) else problem.answer
