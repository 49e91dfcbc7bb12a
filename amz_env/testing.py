"""What every problem source and every agent promises, as tests: inherit a contract to check one of your own.

    class TestMySource(ProblemSourceContract):
        def make_source(self) -> ProblemSource:
            return MySource(seed=3)

    class TestMyAgent(AgentContract):
        def make_agent(self) -> MyAgent:
            return MyAgent()

pytest collects the inherited tests. Nothing here imports pytest, nor knows what agents there are: an agent is what has
`act` and `solve` (`agents.base.Agent`).
"""

import json
import math
import pickle
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, Final

import gymnasium as gym

from amz_env.dynamics import Rules, State
from amz_env.env import MathReasoningEnv
from amz_env.grading import grade
from amz_env.problems import Problem, ProblemSource, load_problems


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


class AgentContract:
    """The contract of an agent; `make_agent` makes the one under test.

    An agent has a `name`; ``solve(problems, seed=0, on_solution=None)`` returns one solution for each problem, with its
    `question`, `answer`, `state`, `value` and `cost`; ``act(observation)`` returns one step.

    Attributes:
        rules: of the episodes that the agent plays.
    """

    rules: Rules = Rules()

    def make_agent(self) -> Any:
        """Return a new agent; two calls must return agents that do the same."""
        raise NotImplementedError("return the agent under test")

    def make_problems(self) -> Sequence[Problem]:
        """Return the problems to try it on: at least three, whose questions differ."""
        return load_problems("mini-gsm", split="validation", size=4)[:]

    def test_it_solves_in_the_order_asked(self) -> None:
        """One solution for each problem, in their order; each is reported once, as it is returned."""
        problems, reported = self.make_problems(), dict[int, Any]()

        def on_solution(index: int, solution: Any) -> None:
            assert index not in reported, f"solution {index} is reported twice"
            reported[index] = solution

        solutions = self.make_agent().solve(problems, seed=0, on_solution=on_solution)
        assert [solution.question for solution in solutions] == [problem.question for problem in problems]
        assert [reported.get(index) for index in range(len(problems))] == solutions
        assert self.make_agent().solve([]) == []

    def test_it_has_a_name(self) -> None:
        """Tables and pictures need one."""
        name = self.make_agent().name
        assert isinstance(name, str) and name.strip()

    def test_the_reference_is_out_of_reach(self) -> None:
        """Problems whose answer and solution may not be touched are solved, and just as bare questions are."""
        problems = self.make_problems()
        questions = [problem.question for problem in problems]
        kept = self._steps([_Guarded(p.id, p.question, "a secret", p.source) for p in problems])
        assert kept == self._steps(problems) == self._steps(questions)

    def test_a_run_depends_on_its_seed_and_on_nothing_else(self) -> None:
        """A solution repeats with the seed, and does not depend on what is solved beside it or was solved before."""
        problems, agent = self.make_problems(), self.make_agent()
        together = [solution.state for solution in agent.solve(problems, seed=3)]
        assert [solution.state for solution in agent.solve(problems, seed=3)] == together, "a second run differs"
        alone = [agent.solve([problem], seed=3)[0].state for problem in reversed(problems)]
        assert alone[::-1] == together, "it matters what is solved beside a problem"

    def test_a_question_asked_twice_is_solved_twice(self) -> None:
        """The first of two equal problems is solved as if it were alone."""
        problem = self.make_problems()[0]
        first, second = self.make_agent().solve([problem, problem], seed=1)
        [alone] = self.make_agent().solve([problem], seed=1)
        assert first.state == alone.state and second.question == problem.question

    def test_its_solutions_are_episodes_of_the_environment(self) -> None:
        """The environment, given the steps of a solution, arrives at its state and its answer."""
        problems = self.make_problems()
        env = self._env(problems)
        for index, solution in enumerate(self.make_agent().solve(problems)):
            env.reset(options={"index": index})
            for taken in solution.state.steps:
                env.step(taken.action)
            reached = env.get_state()
            assert reached == solution.state, f"{problems[index].id}: the steps lead elsewhere: {reached.text}"
            assert solution.answer in (None, reached.answer)
            assert -1.0 <= solution.value <= 1.0

    def test_acting_takes_the_steps_of_solving(self) -> None:
        """The Gymnasium loop over `act` takes the steps that `solve` takes with seed 0."""
        problems, agent = self.make_problems(), self.make_agent()
        env = self._env(problems)
        for index, solution in enumerate(self.make_agent().solve(problems, seed=0)):
            if solution.answer is not None:  # what is done where a search has found nothing is the agent's own matter
                played = play(env, index, agent.act)
                assert played == solution.state, f"{problems[index].id}: act leads to {played.text}"

    def test_costs_add_up(self) -> None:
        """Every cost is a finite number of at least 0; what was generated covers the path shown, alone or together."""
        problems, agent = self.make_problems(), self.make_agent()
        together = agent.solve(problems, seed=2)
        for problem, solution in zip(problems, together, strict=True):
            spent = {each.name: getattr(solution.cost, each.name) for each in fields(solution.cost)}
            wrong = {name: value for name, value in spent.items() if not 0 <= value < math.inf}
            assert not wrong, f"{problem.id}: {wrong}"
            shown = sum(len(taken.token_ids) for taken in solution.state.steps)
            assert spent["generated_tokens"] >= shown, f"{problem.id}: {spent} for a path of {shown} tokens"
            [alone] = agent.solve([problem], seed=2)
            assert alone.cost.generated_tokens == spent["generated_tokens"], f"{problem.id}: cheaper in company"

    def test_it_refuses_what_is_no_problem(self) -> None:
        """An empty question is a ValueError, something without a question a TypeError."""
        for wrong, error in (("  ", ValueError), (3, TypeError), (None, TypeError)):
            try:
                self.make_agent().solve([wrong])
            except error:
                continue
            raise AssertionError(f"{wrong!r} raises no {error.__name__}")

    def _steps(self, problems: Sequence[Problem | str]) -> list[State]:
        return [solution.state for solution in self.make_agent().solve(problems, seed=0)]

    def _env(self, problems: Sequence[Problem]) -> MathReasoningEnv:
        rules = {each.name: getattr(self.rules, each.name) for each in fields(self.rules)}
        return MathReasoningEnv(problems, **rules)


def play(env: MathReasoningEnv, index: int, act: Callable[[str], str]) -> State:
    """Return the state that `act`, asked for each step, leads to on problem `index`."""
    observation, _ = env.reset(options={"index": index})
    while env.get_state().end is None:
        observation, *_ = env.step(act(observation))
    return env.get_state()


_FORBIDDEN: Final = ("answer", "solution")


class _Guarded(Problem):
    """A problem whose answer may not be looked at."""

    def __getattribute__(self, name: str) -> Any:
        if name in _FORBIDDEN:
            raise AssertionError(f"an agent looked at the {name} of a problem")
        return super().__getattribute__(name)


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
