"""MCTS runs a step's code when the step is gone on from, and the tree is that of a search that runs it at once."""

import asyncio
import math
from dataclasses import dataclass, field

import agents
from agents.search.mcts import mcts
from agents.search.search import Search
from agents.search.tree import Node, Tree
from amz_env import Rules, State, answer_action, code_action
from amz_env.dynamics import RunsCode, put_off
from amz_env.interpreter import Execution, Interpreter, Snapshot, shared_interpreter
from tests.fakes import Option, ScriptedEngine, by_depth, by_text, judging, statistics


class Eager(Search):
    """A search that runs all code at once, as the released one does."""

    async def expand(self, node: Node, n: int, *, distinct: bool = True, lazy: bool = False) -> list[Node]:
        return await super().expand(node, n, distinct=distinct)


class Watched:
    """The shared interpreter, as a search uses it."""

    def root(self) -> Snapshot:
        return shared_interpreter().root()

    def run(self, snapshot: Snapshot, code: str) -> Execution:
        raise AssertionError("a search must not block the event loop")


@dataclass
class Counting(Watched):
    """It counts what it runs."""

    runs: int = 0

    async def run_async(self, snapshot: Snapshot, code: str) -> Execution:
        self.runs += 1
        return await shared_interpreter().run_async(snapshot, code)


def test_code_runs_when_its_step_is_gone_on_from_and_the_tree_is_the_same() -> None:
    def policy(state: State) -> list[str]:
        seen = state.text.count("2") % 3  # what code prints decides what comes next
        steps = [code_action(f"Way {i}.", f"print({len(state.steps)} * {i} + {seen})") for i in range(3)]
        return [*steps, code_action("Fail.", "1 / 0"), *([answer_action("So.", str(seen))] if state.steps else [])]

    def grown(kind: type[Search], max_length: int) -> tuple[Node, Counting]:
        interpreter, root = Counting(), Node(State("What is 1 + 1?", Rules(max_errors=1, max_length=max_length)))
        search = kind(ScriptedEngine(policy, by_text), interpreter, 1.0, 7, judge=judging(lambda answer: answer == "2"))
        asyncio.run(mcts(search, root, simulations=12, width=6))
        Tree(root).check()
        return root, interpreter

    for max_length in (16_000, 1_050):  # with the short one, what code prints might end the episode: nothing is put off
        eager, ran = grown(Eager, max_length)
        lazy, ran_late = grown(Search, max_length)
        assert statistics(lazy) == statistics(eager)
        taken = [(a.state, b.state) for a, b in zip(lazy.walk(), eager.walk(), strict=True) if not a.state.owes_code]
        assert all(a.text == b.text and a.end == b.end for a, b in taken)
        assert all(node.state.owes_code == (not node.expanded) for node in lazy.walk() if _deferrable(node))
        with_code = [node for node in eager.walk() if node.parent and node.state.steps[-1].step.code is not None]
        owing = sum(node.state.owes_code for node in lazy.walk())
        assert (ran.runs, ran_late.runs) == (len(with_code), len(with_code) - owing)
        assert owing > 10 if max_length == 16_000 else owing == 0


def _deferrable(node: Node) -> bool:
    return node.parent is not None and put_off(node.parent.state, node.state.steps[-1].action) is not None


@dataclass
class Slow(Watched):
    """Its loops take until its engine has been asked for three expansions, if it ever is."""

    engine: ScriptedEngine
    begun: list[int] = field(default_factory=list)
    running: int = 0

    async def run_async(self, snapshot: Snapshot, code: str) -> Execution:
        if "while" in code:
            self.begun.append(len(self.engine.calls))
            self.running += 1
            try:
                while len(self.engine.calls) < 3:
                    await asyncio.sleep(0.001)
            finally:
                self.running -= 1
        return await shared_interpreter().run_async(snapshot, code)


def with_a_loop(state: State) -> list[Option]:
    here = len(state.steps)
    loop = code_action(f"Loop at {here}.", "n = 0\nwhile n < 5:\n    n += 1\nprint(n)")
    others = [code_action(f"{way} at {here}.", f"print('{way}')") for way in ("One", "Two")]
    return [Option(each, math.log(p)) for each, p in zip([loop, *others], (0.02, 0.55, 0.43), strict=True)]


def test_code_that_may_take_long_is_begun_at_once_and_the_search_goes_on_meanwhile() -> None:
    def grown(kind: type[Search], interpreter: RunsCode, engine: ScriptedEngine) -> Node:
        root = Node(State("What is 1 + 1?"))
        asyncio.run(asyncio.wait_for(mcts(kind(engine, interpreter, 1.0, 7), root, simulations=12, width=3), 60))
        return root

    engine = ScriptedEngine(with_a_loop, by_text, draw="listed")
    slow = Slow(engine)
    root = grown(Search, slow, engine)
    assert slow.begun[0] == 1  # with the root's expansion, and two more have come before it ended
    loops = [node for node in root.walk() if node.parent and "while" in (node.state.steps[-1].step.code or "")]
    assert len(slow.begun) == len(loops)  # each ran once, although some were gone on from later
    expected = grown(Eager, shared_interpreter(), ScriptedEngine(with_a_loop, by_text, draw="listed"))
    assert statistics(root) == statistics(expected)
    known = [(a.state.text, b.state.text) for a, b in zip(root.walk(), expected.walk(), strict=True) if a.expanded]
    assert all(one == other for one, other in known) and any("Loop" in one for one, _ in known)


def test_a_search_that_is_over_leaves_no_code_running() -> None:
    async def scenario() -> tuple[int, int]:
        engine = ScriptedEngine(with_a_loop, by_text, draw="listed")
        slow = Slow(engine)
        agent = agents.make("mcts", model=engine, simulations=1, width=3)
        agent.interpreter = slow
        await agent.solve_async(["What is 1 + 1?"])
        for _ in range(3):
            await asyncio.sleep(0)
        return len(slow.begun), slow.running

    assert asyncio.run(scenario()) == (1, 0)  # the loop would have gone on for ever


def test_output_that_ends_the_episode_after_all_is_a_failure() -> None:
    # An interpreter may show more than the 1000 characters that are counted on.
    long = code_action("Long.", "print('x' * 900)\nprint('y' * 900)")
    with Interpreter(observation_limit=5000) as interpreter:
        root = Node(State("q", Rules(max_length=1_500)))
        search = Search(ScriptedEngine(by_depth([long], [answer_action("So.", "2")])), interpreter, 1.0, 7)
        assert asyncio.run(mcts(search, root, simulations=5, width=1)) is None
    [child] = root.children
    assert (child.state.end, child.q, child.visits, root.exhausted) == ("max_length", -1.0, 4, True)
    assert child.copies == 4  # proposed at first, and in the three simulations that were left
    Tree(root).check()
