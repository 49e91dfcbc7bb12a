"""What MCTS does with simulations that are left when nothing is left to explore: it asks again."""

import asyncio
import math

import pytest

from agents.search.mcts import mcts, narrowest
from agents.search.search import Search
from agents.search.tree import Node, Tree
from amz_env import Rules, State, answer_action, code_action
from amz_env.interpreter import shared_interpreter
from tests.agents.search.test_mcts import child_of, grow
from tests.fakes import HOSTILE, Option, ScriptedEngine, by_depth, judging

GUESSES = [
    Option(code_action("Try.", "x = 2\nprint(x == 5)"), math.log(0.7)),
    Option(code_action("Try.", "x = 5\nprint(x == 5)"), math.log(0.3)),
]


def answering(state: State) -> list[str]:
    return [answer_action("So.", "5" if "x = 5" in state.text else "2")]


def guessing(state: State) -> list[str | Option]:
    return [*GUESSES] if not state.steps else [*answering(state)]


def test_a_guess_that_is_rarely_made_is_found_when_the_likely_one_is_exhausted() -> None:
    engine = ScriptedEngine(guessing, lambda state: 0.9 if "x = 5" in state.text else -0.9)
    chosen, root = grow(engine, simulations=30, width=1)
    assert sum(call.kind == "expand" for call in engine.calls) == 30
    assert len({call.seed for call in engine.calls if call.kind == "expand"}) == 30  # nothing is drawn again
    assert [child.state.steps[0].step.code for child in root.children] == [
        "x = 2\nprint(x == 5)",
        "x = 5\nprint(x == 5)",
    ]
    assert root.children[0].copies > root.children[1].copies
    assert chosen is not None and chosen.state.answer == "5"


def test_proposals_and_backups_are_counted_whenever_they_are_made() -> None:
    engine = ScriptedEngine(guessing, lambda state: 0.0)
    _, root = grow(engine, simulations=30, width=2)
    inner = [node for node in Tree(root).nodes() if node.children]
    assert sum(node.proposals for node in inner) == 30 * 2
    assert all(leaf.visits == leaf.copies for leaf in Tree(root).answers())
    for node in inner:  # its own value once, and every answer below it
        assert node.visits == 1 + sum(each.children != [] for each in node.walk() if each is not node) + sum(
            leaf.copies for leaf in node.walk() if leaf.answered
        )


@pytest.mark.parametrize("right", ["2", "7"])
def test_while_making_training_data_every_node_is_asked_once(right: str) -> None:
    # Asked until an answer is right, a node would tell the value model that right answers are more common.
    engine = ScriptedEngine(guessing)
    _, root = grow(engine, judge=judging(lambda answer: answer == right), simulations=12, width=3)
    inner = [node for node in Tree(root).nodes() if node.children]
    assert root.exhausted and [node.proposals for node in inner] == [3] * len(inner)
    assert sum(call.kind == "expand" for call in engine.calls) == len(inner) < 12


def test_at_temperature_0_nothing_is_asked_twice() -> None:
    engine = ScriptedEngine(guessing)
    root = Node(State("What is 1 + 1?"))
    asyncio.run(mcts(Search(engine, shared_interpreter(), temperature=0.0, seed=7), root, simulations=40, width=5))
    assert root.exhausted and sum(call.kind == "expand" for call in engine.calls) == 2


def test_the_narrowest_node_on_the_way_is_asked() -> None:
    # Proposals over visits: root 2 / 12, a 2 / 8, its child 2 / 3; b, where the descent does not pass, 2 / 20.
    root = Node(State("q"), visits=12, expanded=True)
    a = child_of(root, visits=8, value_sum=6.0, prior=0.5)
    b = child_of(root, visits=20, value_sum=-20.0, prior=0.5)
    below = child_of(a, visits=3, value_sum=2.0, prior=1.0)
    a.children[0].copies = 2
    for parent, count in ((below, 2), (b, 2)):
        for _ in range(count):
            child_of(parent, visits=1, value_sum=0.0, prior=0.5)
    assert narrowest(root, 1.0) is root
    root.children[0].copies = 3  # 4 / 12
    assert narrowest(root, 1.0) is a
    a.children[0].copies = 6  # 6 / 8
    root.children[0].copies = 8  # 9 / 12
    assert narrowest(root, 1.0) is below


def test_a_search_without_a_step_to_take_ends() -> None:
    engine = ScriptedEngine(lambda state: ())
    chosen, root = grow(engine, simulations=50)
    assert chosen is None and len(engine.calls) == 1 and root.exhausted


def test_what_cannot_be_read_is_asked_for_again() -> None:
    engine = ScriptedEngine(by_depth([HOSTILE["no tags"], answer_action("So.", "2")]), lambda state: 0.5)
    chosen, root = grow(engine, simulations=20, width=1, rules=Rules())
    assert chosen is not None and chosen.state.answer == "2"
    assert {child.state.end: child.q for child in root.children} == {"malformed": -1.0, "answer": 0.5}


def test_several_leaves_at_once_spend_the_whole_budget_too() -> None:
    engine = ScriptedEngine(guessing, lambda state: 0.0)
    _, root = grow(engine, simulations=25, width=1, leaves=4)
    assert sum(call.n for call in engine.calls if call.kind == "expand") == 25
    assert max(call.n for call in engine.calls) == 4  # one request asks for the proposals of four simulations
    assert root.exhausted and all(node.pending == 0 for node in Tree(root).nodes())
