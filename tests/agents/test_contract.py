"""Every agent keeps the contract that users can inherit; the contract sees agents that do not."""

import itertools
from dataclasses import replace
from typing import Any

import pytest

import agents
from agents.base import Cost
from amz_env.problems.base import Problem
from amz_env.steps import answer_action
from amz_env.testing import AgentContract
from tests.fakes import ScriptedEngine, solver_policy, solver_value

PROBLEMS = [Problem(str(a), f"What is {a} plus {a}?", str(2 * a), "test") for a in range(4)]
BUDGETS: dict[str, dict[str, Any]] = {"mcts": {"simulations": 8, "width": 3}}


def make(name: str) -> Any:
    engine = ScriptedEngine(solver_policy(PROBLEMS, right=0.4), solver_value(PROBLEMS))
    return agents.make(name, model=engine, **BUDGETS.get(name, {}))


@pytest.mark.parametrize("name", agents.AGENTS)
class TestEveryAgent(AgentContract):
    @pytest.fixture(autouse=True)
    def _choose(self, name: str) -> None:
        self.name = name

    def make_agent(self) -> Any:
        return make(self.name)

    def make_problems(self) -> list[Problem]:
        return PROBLEMS


class Faulty:
    """A greedy agent with one fault."""

    def __init__(self, fault: str) -> None:
        self.fault, self.name = fault, " " if fault == "nameless" else fault
        self._greedy, self._calls = make("greedy"), itertools.count()

    def act(self, observation: str) -> str:
        return answer_action("No.", "-1") if self.fault == "acts otherwise" else self._greedy.act(observation)

    def solve(self, problems: Any, *, seed: int = 0, on_solution: Any = None) -> list[Any]:
        if self.fault == "peeks":
            problems = [problem if isinstance(problem, str) else replace(problem) for problem in problems]
        if self.fault == "takes anything":
            problems = [problem for problem in problems if isinstance(problem, Problem)]
        solutions = [self._spoilt(solution) for solution in self._greedy.solve(problems, seed=seed)]
        for index, solution in enumerate(solutions):
            for _ in range(2 if self.fault == "reports twice" else 1):
                if on_solution is not None:
                    on_solution(index, solution)
        return solutions[::-1] if self.fault == "reversed" else solutions

    def _spoilt(self, solution: Any) -> Any:
        if self.fault == "invents":
            return replace(solution, answer="12345")
        if self.fault == "cheap":
            return replace(solution, cost=Cost())
        if self.fault == "moody" and next(self._calls) % 3 == 2:
            return replace(solution, state=replace(solution.state, steps=()))
        return solution


@pytest.mark.parametrize(
    ("fault", "test"),
    [
        ("nameless", "test_it_has_a_name"),
        ("reversed", "test_it_solves_in_the_order_asked"),
        ("reports twice", "test_it_solves_in_the_order_asked"),
        ("peeks", "test_the_reference_is_out_of_reach"),
        ("moody", "test_a_run_depends_on_its_seed_and_on_nothing_else"),
        ("invents", "test_its_solutions_are_episodes_of_the_environment"),
        ("acts otherwise", "test_acting_takes_the_steps_of_solving"),
        ("cheap", "test_costs_add_up"),
        ("takes anything", "test_it_refuses_what_is_no_problem"),
    ],
)
def test_the_contract_sees_the_fault(fault: str, test: str) -> None:
    class Contract(AgentContract):
        def make_agent(self) -> Any:
            return Faulty(fault)

        def make_problems(self) -> list[Problem]:
            return PROBLEMS

    with pytest.raises(AssertionError):
        getattr(Contract(), test)()
