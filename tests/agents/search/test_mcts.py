"""PUCT by hand, backups in closed form, and the released search's defects."""

import asyncio
import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import agents
from agents.inference.base import derive_seed
from agents.search.mcts import best_answer, mcts, puct, select
from agents.search.search import Search
from agents.search.tree import Node, Tree
from amz_env import Rules, State, answer_action, code_action
from amz_env.interpreter import shared_interpreter
from tests.fakes import HOSTILE, Call, Option, Policy, ScriptedEngine, Value, by_depth, by_text, judging, statistics


def grow(
    engine: ScriptedEngine, *, judge: Callable[[str], bool] | None = None, rules: Rules | None = None, **options: float
) -> tuple[Node | None, Node]:
    root = Node(State("What is 1 + 1?", rules or Rules()))
    search = Search(engine, shared_interpreter(), temperature=1.0, seed=7, judge=judge)
    chosen = asyncio.run(mcts(search, root, **options))  # type: ignore[arg-type]
    Tree(root).check()
    return chosen, root


def child_of(parent: Node, *, visits: int, value_sum: float, prior: float) -> Node:
    step = code_action(f"Step {len(parent.children)}.", "print(1)")
    engine_state = asyncio.run(_taken(parent.state, step))
    child = parent.add_child(engine_state, math.log(prior), prior)
    child.visits, child.value_sum = visits, value_sum
    return child


async def _taken(state: State, action: str) -> State:
    from amz_env import transition_async

    return await transition_async(state, action, shared_interpreter())


def test_puct_is_the_papers_formula() -> None:
    root = Node(State("q"), visits=9, expanded=True)
    child = child_of(root, visits=2, value_sum=1.0, prior=0.5)
    assert puct(child, 9, 1.25) == pytest.approx(0.5 + 1.25 * 0.5 * 3 / 3)
    unvisited = child_of(root, visits=0, value_sum=0.0, prior=0.25)
    assert puct(unvisited, 9, 1.25) == pytest.approx(1.25 * 0.25 * 3)


def test_select_solves_a_three_armed_bandit_as_by_hand() -> None:
    # Q + U with c = 1, N_parent = 16: a 0.2 + 0.6*4/5 = 0.68, b 0.5 + 0.3*4/7 = 0.671.., c 0 + 0.15*4/1 = 0.6
    root = Node(State("q"), visits=16, expanded=True)
    a = child_of(root, visits=4, value_sum=0.8, prior=0.6)
    b = child_of(root, visits=6, value_sum=3.0, prior=0.3)
    c = child_of(root, visits=0, value_sum=0.0, prior=0.15)
    assert select(root, 1.0) is a
    a.visits, a.value_sum, root.visits = 5, 1.0, 17  # a visited once more with the same Q: 0.2 + 0.6*sqrt(17)/6 = 0.612
    assert select(root, 1.0) is b
    b.exhausted = True
    assert select(root, 1.0) is c  # 0.618 over 0.612, and b is not entered although its score is highest


def test_backup_is_a_running_mean_on_the_whole_path() -> None:
    root = Node(State("q"), expanded=True)
    child = child_of(root, visits=0, value_sum=0.0, prior=1.0)
    for value in (0.5, -1.0, 1.0):
        child.backup(value)
    root.backup(0.25)
    assert (child.visits, child.q) == (3, pytest.approx(0.5 / 3))
    assert (root.visits, root.q) == (4, pytest.approx(0.75 / 4))


def test_training_counts_backups_as_the_authors_example() -> None:
    # Their README: V = 0.76 at a node with three right terminal children gives Q = (0.76 + 3) / 4 = 0.94.
    answers = [Option(answer_action(f"Wording {i}.", "2"), math.log(1 / 3)) for i in range(3)]
    engine = ScriptedEngine(by_depth(answers), lambda state: 0.76, draw="listed")
    _, root = grow(engine, judge=judging(lambda answer: answer == "2"), simulations=1, width=3)
    assert root.visits == 4
    assert root.q == pytest.approx((0.76 + 3) / 4)
    assert [(leaf.visits, leaf.q, leaf.reward) for leaf in root.children] == [(1, 1.0, 1.0)] * 3


def test_a_wrong_answer_counts_minus_one_in_training() -> None:
    engine = ScriptedEngine(by_depth([answer_action("Sum.", "3")]), draw="listed")
    _, root = grow(engine, judge=judging(lambda answer: answer == "2"), simulations=5, width=2)
    assert root.children[0].q == -1.0
    assert root.exhausted and len(root.children) == 1  # equal samples are one child
    assert (root.visits, root.q) == (3, pytest.approx(-2 / 3))  # V(root) = 0, and a backup for each sample


def test_an_answer_that_cannot_be_judged_counts_its_value_and_is_no_wrong_one() -> None:
    engine = ScriptedEngine(by_depth([answer_action("So.", "?"), answer_action("Or.", "3")]), lambda state: 0.5)
    _, root = grow(engine, judge=judging(lambda answer: None if answer == "?" else False), simulations=3, width=8)
    assert {leaf.state.answer: (leaf.reward, leaf.q) for leaf in root.children} == {"?": (None, 0.5), "3": (-1.0, -1.0)}


def test_what_the_policy_does_four_times_out_of_five_counts_four_times() -> None:
    # Counted once each, a rare slip would weigh as much in Q, the target of the value's training, as the usual answer.
    right, slip = answer_action("So.", "2"), answer_action("Or.", "3")
    engine = ScriptedEngine(by_depth([right, right, slip, right, right]), lambda state: 0.5, draw="listed")
    _, root = grow(engine, judge=judging(lambda answer: answer == "2"), simulations=3, width=5)
    assert [(child.copies, child.visits, child.q) for child in root.children] == [(4, 4, 1.0), (1, 1, -1.0)]
    assert (root.visits, root.q) == (6, pytest.approx((0.5 + 4 - 1) / 6))


def test_at_inference_terminals_are_valued_by_the_head() -> None:
    engine = ScriptedEngine(
        by_depth([answer_action("A.", "2"), answer_action("B.", "3")]),
        lambda state: 0.0 if not state.steps else 0.9 if state.answer == "3" else -0.4,
        draw="listed",
    )
    chosen, root = grow(engine, simulations=3, width=2)
    assert [child.q for child in root.children] == pytest.approx([-0.4, 0.9])
    assert [child.reward for child in root.children] == [None, None]
    assert chosen is not None and chosen.state.answer == "3"


def test_an_exhausted_subtree_does_not_end_the_search() -> None:
    # Defect 3 of the released code: descent into a node whose children are all terminal stopped the question for good.
    def policy(state: State) -> list[Option]:
        if not state.steps:
            return [
                Option(code_action("Short way.", "print(1)"), math.log(0.9)),
                Option(code_action("Long way.", "print(2)"), math.log(0.1)),
            ]
        if "Short" in state.steps[0].action:
            return [Option(answer_action("Done.", "1"))]
        return (
            [Option(code_action(f"Go on {len(state.steps)}.", "print(3)"))]
            if len(state.steps) < 4
            else [Option(answer_action("End.", "2"))]
        )

    _, root = grow(ScriptedEngine(policy, draw="listed"), simulations=40, width=2)
    assert {leaf.state.answer for leaf in Tree(root).answers()} == {"1", "2"}
    assert root.exhausted


def test_one_unreadable_sample_costs_one_child() -> None:
    # Defect 1: an unparsable sample discarded the whole expansion.
    steps = [code_action("Add.", "print(1 + 1)"), HOSTILE["no tags"], HOSTILE["two answers"], HOSTILE["empty"]]
    engine = ScriptedEngine(by_depth(steps, [answer_action("So.", "2")]), lambda state: 0.5, draw="listed")
    chosen, root = grow(engine, simulations=3, width=4)
    assert [child.state.end for child in root.children] == [None, "malformed", "malformed", "malformed"]
    assert [child.q for child in root.children[1:]] == [-1.0] * 3
    assert chosen is not None and chosen.state.answer == "2"


def test_terminals_are_backed_up_once() -> None:
    # Defect 2: after a failure the old candidates were scored again, and terminals backed up again.
    engine = ScriptedEngine(
        by_depth([answer_action("A.", "1"), code_action("B.", "print(2)")], [answer_action("C.", "2")]), draw="listed"
    )
    _, root = grow(engine, judge=judging(lambda answer: True), simulations=10, width=2)
    assert [(leaf.copies, leaf.visits) for leaf in Tree(root).answers()] == [(1, 1), (2, 2)]


def test_depth_and_error_limits_end_paths_at_minus_one() -> None:
    engine = ScriptedEngine(lambda state: [code_action(f"Fail {len(state.steps)}.", "1 / 0")])
    _, root = grow(engine, simulations=20, width=1, rules=Rules(max_errors=3))
    deepest = max(Tree(root).nodes(), key=lambda node: node.depth)
    assert (deepest.depth, deepest.state.end, deepest.q) == (4, "code_errors", -1.0)
    engine = ScriptedEngine(lambda state: [code_action(f"On {len(state.steps)}.", "print('no Error here')")])
    _, root = grow(engine, simulations=20, width=1, rules=Rules(max_steps=8))
    deepest = max(Tree(root).nodes(), key=lambda node: node.depth)
    assert (deepest.depth, deepest.state.end, deepest.q) == (8, "max_steps", -1.0)


def test_no_answer_where_nothing_was_answered() -> None:
    chosen, root = grow(ScriptedEngine(by_depth([HOSTILE["no tags"]])), simulations=4)
    assert chosen is None
    assert best_answer(root) is None


def test_answer_choice_ignores_unvisited_children() -> None:
    # An unvisited child has Q = 0 and would beat a visited negative one; only paths to answers compete.
    root = Node(State("q"), visits=3, value_sum=-0.5, expanded=True)
    child_of(root, visits=0, value_sum=0.0, prior=0.9)
    visited = child_of(root, visits=2, value_sum=-0.4, prior=0.1)
    visited.expanded = True
    answered = asyncio.run(_taken(visited.state, answer_action("So.", "5")))
    leaf = visited.add_child(answered, 0.0, 1.0)
    assert best_answer(root) is leaf


def test_likelihood_outweighs_a_value_as_far_as_it_is_told_to() -> None:
    # V: half log-odds atanh(0.1) - atanh(-0.1) = 0.2 for answer 1; log pi: log 4 = 1.39 for answer 2.
    options = [Option(answer_action("So.", "1"), math.log(0.2)), Option(answer_action("So.", "2"), math.log(0.8))]

    def chosen(likelihood: float) -> str | None:
        engine = ScriptedEngine(
            by_depth(options), lambda state: {"1": 0.1, "2": -0.1}.get(state.answer or "", 0.0), draw="listed"
        )
        leaf, _ = grow(engine, simulations=1, width=2, likelihood=likelihood)
        return leaf and leaf.state.answer

    assert chosen(0.0) == chosen(0.1) == "1"
    assert chosen(0.2) == chosen(5.0) == "2"
    nothing, _ = grow(ScriptedEngine(by_depth([HOSTILE["no tags"]])), simulations=2, likelihood=1.0)
    assert nothing is None


def test_the_same_seed_gives_the_same_tree() -> None:
    def texts() -> list[str]:
        steps = [code_action(f"Way {i}.", f"print({i})") for i in range(6)]
        engine = ScriptedEngine(by_depth(steps, steps, [answer_action("So.", "2"), answer_action("Or.", "3")]))
        _, root = grow(engine, simulations=12, width=3)
        return [node.state.text for node in Tree(root).nodes()]

    assert texts() == texts()


SAME_TREE = """
from tests.agents.search.test_mcts import grow
from agents.search.tree import Tree
from amz_env import answer_action, code_action
from tests.fakes import ScriptedEngine, by_depth
steps = [code_action(f"Way {i}.", f"print({i})") for i in range(6)]
engine = ScriptedEngine(by_depth(steps, steps, [answer_action("So.", "2"), answer_action("Or.", "3")]))
print([node.state.text for node in Tree(grow(engine, simulations=12, width=4)[1]).nodes()])
"""


def test_the_tree_is_the_same_in_another_process() -> None:
    # Defect 8: children were a set, whose order is another one in each process.
    trees = {
        subprocess.run(
            [sys.executable, "-c", SAME_TREE],
            cwd=Path(__file__).parents[3],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(trees) == 1 and "Way" in trees.pop()


def test_c_puct_is_the_weight_of_exploration() -> None:
    def visits(c_puct: float) -> list[int]:
        engine = ScriptedEngine(wide, lambda state: 0.5 if "Way 1" in state.text else -0.5, draw="listed")
        _, root = grow(engine, simulations=30, width=3, c_puct=c_puct)
        return [child.visits for child in root.children]

    assert visits(0.01)[1] >= 27  # it keeps to the best
    assert max(visits(100.0)) - min(visits(100.0)) <= 1  # it goes round


@pytest.mark.parametrize("simulations", [1, 7, 23])
def test_the_budget_is_the_number_of_expansions(simulations: int) -> None:
    engine = ScriptedEngine(
        lambda state: [code_action(f"Way {i} at {len(state.steps)}.", f"print({i})") for i in range(3)], draw="listed"
    )
    _, root = grow(engine, simulations=simulations, width=3, rules=Rules(max_steps=30))
    assert sum(call.kind == "expand" for call in engine.calls) == simulations
    assert root.visits == simulations  # no terminal children here: one backup a simulation


# Several leaves at once.


def wide(state: State) -> list[str]:
    return [code_action(f"Way {i} at {len(state.steps)}.", f"print({i})") for i in range(3)]


def test_one_leaf_at_a_time_is_the_papers_search() -> None:
    def by_hand(engine: ScriptedEngine, simulations: int) -> Node:
        async def search() -> Node:
            means, root = Search(engine, shared_interpreter(), temperature=1.0, seed=7), Node(State("What is 1 + 1?"))
            for _ in range(simulations):
                node = root
                while node.expanded:
                    scores = [
                        child.q + 1.25 * child.prior * math.sqrt(node.visits) / (1 + child.visits)
                        for child in node.children
                    ]
                    tied = [child for child, score in zip(node.children, scores, strict=True) if score == max(scores)]
                    node = min(tied, key=lambda child: derive_seed(child.tag, node.visits))
                await means.expand(node, 3)
                node.backup(node.value or 0.0)
            return root

        return asyncio.run(search())

    engine = ScriptedEngine(wide, by_text)
    _, root = grow(engine, simulations=25, width=3, rules=Rules(max_steps=30))
    assert statistics(root) == statistics(by_hand(engine, 25))


def test_leaves_at_once_are_spread_and_leave_no_trace() -> None:
    engine = ScriptedEngine(wide, by_text, draw="listed")
    for leaves in (2, 3, 4, 7):
        engine.calls.clear()
        engine.most_in_flight = 0
        _, root = grow(engine, simulations=22, width=3, leaves=leaves, rules=Rules(max_steps=30))
        asked = [call.state.text for call in engine.calls]
        assert len(asked) == len(set(asked)) == 22 and engine.most_in_flight == leaves  # no leaf is expanded twice
        assert root.visits == 22 and all(node.pending == 0 for node in Tree(root).nodes())
        for node in Tree(root).nodes():  # every visit is a backup of V from here or below
            values = [below.value or 0.0 for below in node.walk() if below.expanded]
            assert node.visits == len(values) and node.value_sum == pytest.approx(sum(values))


def test_a_pending_simulation_is_a_visit_that_lost() -> None:
    # Two equal children: the first descent takes one, the second the other; alone, both would take the same.
    root = Node(State("q"), visits=4, expanded=True)
    a, b = (child_of(root, visits=2, value_sum=1.0, prior=0.5) for _ in range(2))
    c = child_of(root, visits=2, value_sum=0.9, prior=0.1)
    before = puct(a, 4, 1.0)
    a.pending = 1
    assert before == pytest.approx(0.5 + 0.5 * 2 / 3)
    assert puct(a, 5, 1.0) == pytest.approx((1.0 - 1) / 3 + 0.5 * math.sqrt(5) / 4)
    root.pending = 1
    assert select(root, 1.0) is b
    b.pending, root.pending = 1, 2
    assert select(root, 1.0) is c  # 0.45 + 0.1 * sqrt(6) / 3 = 0.53 over 0.31


def test_leaves_at_once_end_with_the_tree() -> None:
    answers = [answer_action("A.", "1"), answer_action("B.", "2")]
    engine = ScriptedEngine(by_depth([code_action("A.", "print(1)"), code_action("B.", "print(2)")], answers))
    _, root = grow(engine, judge=judging(lambda answer: answer == "2"), simulations=50, width=2, leaves=8)
    assert root.exhausted and sum(call.kind == "expand" for call in engine.calls) == 3
    assert all(leaf.visits == leaf.copies for leaf in Tree(root).answers())


class Rounds(ScriptedEngine):
    """Answers all that is asked at once, when every search waits: the rounds of a batching engine."""

    def __init__(self, policy: Policy, value: Value) -> None:
        super().__init__(policy, value, draw="listed")
        self.rounds: list[list[int]] = []
        self.waiting: list[tuple[int, asyncio.Future[None]]] = []

    async def _answer(self, call: Call) -> None:
        self.calls.append(call)
        loop = asyncio.get_running_loop()
        if not self.waiting:
            self.task = loop.create_task(self._round())
        future = loop.create_future()
        self.waiting.append((call.n, future))
        await future

    async def _round(self) -> None:
        for _ in range(20):  # turns of the event loop, in which the searches go on until they wait again
            await asyncio.sleep(0)
        self.rounds.append([n for n, _ in self.waiting])
        for _, future in self.waiting:
            future.set_result(None)
        self.waiting = []


@pytest.mark.parametrize("leaves", [1, 4])
def test_many_searches_share_their_rounds(leaves: int) -> None:
    """N simulations on B problems: at most N rounds of at most B x n rows, and none for values alone."""
    asyncio.run(_taken(State("q"), code_action("Warm up.", "print(1)")))  # from then on such code runs at once
    engine = Rounds(wide, by_text)
    agent = agents.make("mcts", model=engine, simulations=12, width=3, leaves=leaves, rules=Rules(max_steps=30))
    agent.solve([f"What is {i} + 1?" for i in range(10)])
    assert [call.kind for call in engine.calls] == ["expand"] * 120
    rows = [sum(asked) for asked in engine.rounds]
    if leaves == 1:
        assert rows == [10 * 3] * 12
    else:  # at first there is one leaf, then there are three
        assert rows == [10 * 3, 10 * 3 * 3, 10 * 3 * 4, 10 * 3 * 4]
