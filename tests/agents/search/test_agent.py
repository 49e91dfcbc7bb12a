"""A search as an agent: many at once, one step at a time, and never near the reference answer."""

import asyncio
import gc
from collections.abc import Iterator

import gymnasium as gym
import pytest

import agents
import amz_env
from agents.base import Solution, questions_of
from agents.search.search import Search
from agents.search.tree import Node
from amz_env import Problem, State, answer_action, code_action, load_problems
from tests.fakes import HOSTILE, ScriptedEngine, by_depth, solver_policy, solver_value

ALL = {
    "greedy": {},
    "majority": {"n": 3},
    "best-of-n": {"n": 3},
    "sbs": {"beams": 2, "width": 2},
    "dvts": {"subtrees": 2, "width": 2},
    "mcts": {"simulations": 4, "width": 2},
    "ab-mcts": {"simulations": 8},
}


class Sealed(Problem):
    """A problem whose reference answer and solution must not be looked at."""

    def __getattribute__(self, name: str) -> object:
        if name in ("answer", "solution"):
            raise AssertionError(f"an agent looked at .{name}")
        return super().__getattribute__(name)


@pytest.fixture(scope="module")
def problems() -> list[Problem]:
    return list(load_problems("mini-gsm", split="test", size=6)[:6])


@pytest.mark.parametrize("name", ALL)
def test_no_agent_looks_at_the_reference(name: str, problems: list[Problem]) -> None:
    engine = ScriptedEngine(solver_policy(problems, right=0.7), solver_value(problems))
    sealed = [Sealed(p.id, p.question, "the reference", p.source, p.subject, p.level) for p in problems]
    solutions = agents.make(name, model=engine, **ALL[name]).solve(sealed)
    assert [solution.question for solution in solutions] == [problem.question for problem in problems]


@pytest.mark.parametrize("name", ALL)
def test_nothing_an_engine_or_solution_holds_leads_to_the_reference(name: str) -> None:
    secret = "4711-reference-4711"
    problem = Problem("p", "What is 1 + 1?", secret, "test")
    engine = ScriptedEngine(by_depth([code_action("Add.", "print(1 + 1)")], [answer_action("So.", "2")]))
    solution = agents.make(name, model=engine, **ALL[name]).solve([problem])[0]
    assert not any(found is problem or found is secret for found in _reachable(solution, engine.calls))


@pytest.mark.parametrize("name", ALL)
def test_agents_solve_where_an_event_loop_is_running_as_in_a_notebook(name: str) -> None:
    agent = agents.make(name, model=ScriptedEngine(by_depth([answer_action("So.", "2")])), **ALL[name])

    async def cell() -> list[str | None]:
        return [solution.answer for solution in agent.solve(["What is 1 + 1?"])]

    assert asyncio.run(cell()) == ["2"]


def _reachable(*roots: object) -> Iterator[object]:
    seen: set[int] = set()
    stack: list[object] = list(roots)
    while stack:
        thing = stack.pop()
        if id(thing) in seen or isinstance(thing, type) or callable(thing) or type(thing).__name__ == "module":
            continue
        seen.add(id(thing))
        yield thing
        stack.extend(gc.get_referents(thing))


@pytest.mark.parametrize("name", ALL)
def test_the_gymnasium_loop_gives_what_solve_gives(name: str, problems: list[Problem]) -> None:
    engine = ScriptedEngine(solver_policy(problems, right=0.8), solver_value(problems))
    agent = agents.make(name, model=engine, **ALL[name])
    env = gym.make("MathReasoning-v0", problems="mini-gsm", split="test", size=6)
    for index in range(3):
        solution = agent.solve([problems[index]])[0]
        observation, _ = env.reset(options={"index": index})
        done, actions, info = False, [], {}
        while not done:
            action = agent.act(observation)
            observation, _, terminated, truncated, info = env.step(action)
            actions.append(action)
            done = terminated or truncated
        if solution.answer is not None:
            assert info["answer"] == solution.answer
            assert tuple(actions) == solution.steps
    env.close()


def test_equal_questions_are_searched_apart_and_reproducibly() -> None:
    # Defect 8 of the released code: results were keyed by question text, so three equal questions gave one tree.
    steps = [code_action(f"Way {i}.", f"print({i})") for i in range(50)]
    engine = ScriptedEngine(by_depth(steps, [answer_action("So.", "2")]))
    agent = agents.make("mcts", model=engine, simulations=2, width=3)
    trees = [_texts(solution) for solution in agent.solve(["q", "other", "q", "q"], seed=1)]
    assert trees[0] != trees[2] != trees[3] != trees[0]
    assert [_texts(solution) for solution in agent.solve(["q", "q"], seed=1)] == [trees[0], trees[2]]
    assert _texts(agent.solve(["q"], seed=2)[0]) != trees[0]


def _texts(solution: Solution) -> list[str]:
    assert solution.tree is not None
    return [node.state.text for node in solution.tree.nodes()]


def test_solutions_are_reported_as_they_come_and_returned_in_order(problems: list[Problem]) -> None:
    # Defect 10: nothing was written until everything was done.
    engine = ScriptedEngine(solver_policy(problems, right=1.0 - 1e-9), solver_value(problems))
    reported: list[int] = []
    solutions = agents.make("greedy", model=engine).solve(problems, on_solution=lambda index, _: reported.append(index))
    assert sorted(reported) == list(range(len(problems)))
    assert [solution.question for solution in solutions] == [problem.question for problem in problems]
    assert engine.most_in_flight > 1


def test_hostile_models_end_without_an_answer(problems: list[Problem]) -> None:
    for name, action in HOSTILE.items():
        if name == "loops":
            continue
        engine = ScriptedEngine(lambda state, action=action: [action])  # type: ignore[misc]
        solution = agents.make("mcts", model=engine, simulations=3).solve(["What is 2?"])[0]
        assert solution.answer is None, name


def test_a_full_context_is_a_failure_not_a_crash() -> None:
    solution = agents.make("sbs", model=ScriptedEngine(lambda state: [])).solve(["q"])[0]
    assert (solution.answer, solution.value) == (None, -1.0)


def test_an_engine_error_reaches_the_caller() -> None:
    def fail(state: State) -> None:
        raise MemoryError("no room")

    with pytest.raises(ExceptionGroup) as caught:
        agents.make("greedy", model=ScriptedEngine(by_depth(["x"]), fail=fail)).solve(["q"])
    assert caught.group_contains(MemoryError)


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("gredy", {}, "did you mean 'greedy'"),
        ("sbs", {"beam": 3}, "no option 'beam'"),
        ("mcts", {"simulations": 0}, "simulations must be an integer of at least 1, got 0"),
        ("majority", {"temperature": float("nan")}, "temperature must be a finite number"),
    ],
)
def test_bad_agents_are_clear_errors(name: str, options: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        agents.make(name, model=ScriptedEngine(by_depth([])), **options)


def test_questions_must_be_questions() -> None:
    with pytest.raises(TypeError, match="problem 1 must be a Problem or a question text, got int"):
        questions_of(["q", 3])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="problem 0 has an empty question"):
        questions_of([" "])


def test_half_a_surrogate_pair_in_a_question_is_replaced() -> None:
    """No tokenizer takes it; an argument of a command line holds some where its bytes are no UTF-8."""
    assert questions_of(["a\udcffb"]) == ["a?b"]


def test_act_refuses_what_is_no_observation() -> None:
    with pytest.raises(ValueError, match="an observation begins with"):
        agents.make("greedy", model=ScriptedEngine(by_depth(["x"]))).act("hello")


def test_every_child_of_an_expansion_has_its_own_state() -> None:
    engine = ScriptedEngine(
        by_depth(
            [code_action("A.", "x = 1\nprint(x)"), code_action("B.", "x = 2\nprint(x)")],
            [code_action("C.", "print(x * 10)")],
        ),
        draw="listed",
    )
    from amz_env.interpreter import shared_interpreter

    async def both() -> list[str | None]:
        search, root = Search(engine, shared_interpreter(), 1.0, 0), Node(State("q"))
        first = await search.expand(root, 2)
        grown = await asyncio.gather(*(search.expand(node, 1) for node in first))
        return [children[0].state.steps[-1].observation for children in grown]

    assert asyncio.run(both()) == ["10", "20"]


def test_public_agent_names_are_pinned() -> None:
    assert list(agents.AGENTS) == ["greedy", "majority", "best-of-n", "sbs", "dvts", "mcts", "ab-mcts"]
    assert amz_env.State is State
