"""Adaptive branching: posteriors by hand, scores on the right accounts, and trees as wide or deep as it pays."""

import asyncio
from random import Random
from statistics import mean

import pytest

from agents.search.ab_mcts import Arm, Arms, ab_mcts, back_up, select
from agents.search.search import Search
from agents.search.tree import Node, Tree
from amz_env import State, answer_action, code_action
from amz_env.interpreter import shared_interpreter
from tests.fakes import HOSTILE, ScriptedEngine, by_depth, judging


def grow(engine: ScriptedEngine, *, seed: int = 7, judge=None, **options: int):  # type: ignore[no-untyped-def]
    root = Node(State("What is 1 + 1?"))
    search = Search(engine, shared_interpreter(), temperature=1.0, seed=seed, judge=judge)
    chosen = asyncio.run(ab_mcts(search, root, **options))
    Tree(root).check()
    return chosen, root


def arm(*scores: float) -> Arm:
    filled = Arm()
    for score in scores:
        filled.add(score)
    return filled


def test_the_posterior_is_that_of_the_textbook() -> None:
    assert arm().posterior() == (0.0, 1.0, 1.0, 0.1)
    # Scores 0.5 and 1: mean 0.75, spread 2 * 0.25^2 = 0.125. kappa 3, nu 3, mean 1.5 / 3,
    # tau^2 = (1 * 0.1 + 0.125 + 2 * 1 / 3 * 0.75^2) / 3 = (0.225 + 0.375) / 3.
    assert arm(0.5, 1.0).posterior() == pytest.approx((0.5, 3.0, 3.0, 0.2))


def test_draws_are_around_the_posterior_mean_and_narrow_with_evidence() -> None:
    random = Random(0)
    few, many = ([each.draw(random) for _ in range(4000)] for each in (arm(0.8, 0.8), arm(*[0.8] * 60)))
    assert sorted(few)[2000] == pytest.approx(1.6 / 3, abs=0.02) and mean(many) == pytest.approx(48 / 61, abs=0.01)
    spread = [sorted(draws)[3600] - sorted(draws)[400] for draws in (few, many)]
    assert spread[1] < spread[0] / 4


def test_a_score_counts_for_widening_here_and_for_going_deeper_above() -> None:
    root = Node(State("q"))
    middle = Node(State("q"), root)
    low = Node(State("q"), middle)
    arms = {node: Arms() for node in (root, middle, low)}
    back_up(low, 0.75, arms)  # a new child of the lowest
    told = {node: (each.wider.total, each.deeper.total, each.itself.total) for node, each in arms.items()}
    assert told == {low: (0.75, 0, 0.75), middle: (0, 0.75, 0.75), root: (0, 0.75, 0)}


def test_descent_takes_what_is_surely_better() -> None:
    root = Node(State("q"), expanded=True)
    good, bad = (Node(State("q"), root, index) for index in (0, 1))
    finished = Node(State("q", end="answer"), root, 2)
    root.children = [good, bad, finished]
    sure = {"low": arm(*[0.0] * 500), "high": arm(*[1.0] * 500)}
    arms = {
        root: Arms(wider=sure["low"], deeper=sure["high"]),
        good: Arms(itself=sure["high"]),
        bad: Arms(itself=sure["low"]),
        finished: Arms(itself=sure["high"]),
    }
    assert {select(root, arms, Random(seed)) for seed in range(20)} == {good}
    arms[root] = Arms(wider=sure["high"], deeper=sure["low"])
    assert {select(root, arms, Random(seed)) for seed in range(20)} == {root}


def test_a_node_of_finished_children_can_only_get_wider() -> None:
    _, root = grow(ScriptedEngine(by_depth([answer_action("A.", "1"), answer_action("B.", "2")])), simulations=12)
    assert len(root.children) == 12 and all(child.terminal for child in root.children)


def counts(value) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Return mean children of the root and mean depth, over seeds, of trees whose values follow `value`."""
    wide, deep = [], []
    for seed in range(12):
        steps = ScriptedEngine(lambda state: [code_action(f"Way {i}.", "print(1)") for i in range(9)], value)
        _, root = grow(steps, seed=seed, simulations=30)
        wide.append(len(root.children))
        deep.append(max(node.depth for node in Tree(root).nodes()))
    return mean(wide), mean(deep)


def test_trees_grow_where_it_pays() -> None:
    # Deeper is better: V rises with depth. Wider is better: V is high after one step, low after that.
    deeper = counts(lambda state: min(len(state.steps) / 4, 1.0) - 0.5)
    wider = counts(lambda state: 0.9 if len(state.steps) == 1 else -1.0)
    assert wider[0] > 2 * deeper[0] and deeper[1] > wider[1] + 1


def test_the_highest_score_is_the_answer_and_every_simulation_is_one_node() -> None:
    engine = ScriptedEngine(
        by_depth([answer_action("A.", "1"), answer_action("B.", "2"), code_action("C.", "print(3)")]),
        lambda state: {"1": -0.5, "2": 0.4}.get(state.answer or "", 0.0),
    )
    chosen, root = grow(engine, simulations=25)
    assert chosen is not None and chosen.state.answer == "2"
    expansions = [call for call in engine.calls if call.kind == "expand"]
    assert len(expansions) == 25 and all(call.n == 1 for call in expansions)
    assert root.visits == len(list(Tree(root).nodes())) - 1
    assert len({call.seed for call in expansions}) == 25  # or one node would get the same child again and again


def test_the_judge_of_training_is_the_score() -> None:
    engine = ScriptedEngine(by_depth([answer_action("A.", "1"), answer_action("B.", "2")]), lambda state: 0.5)
    chosen, root = grow(engine, judge=judging(lambda answer: answer == "2"), simulations=10)
    assert chosen is not None and chosen.state.answer == "2"
    assert {(leaf.state.answer, leaf.q) for leaf in root.children} == {("1", -1.0), ("2", 1.0)}
    assert not any(call.kind == "value" for call in engine.calls)


def test_failures_and_a_full_context_count_against_a_node() -> None:
    chosen, root = grow(ScriptedEngine(by_depth([HOSTILE["no tags"]])), simulations=5)
    assert chosen is None and [child.q for child in root.children] == [-1.0] * 5
    chosen, root = grow(ScriptedEngine(by_depth([code_action("A.", "print(1)")])), simulations=20)
    assert chosen is None and len(root.children) > 5  # below there is no room: wider is all that is left


def test_the_same_seed_gives_the_same_tree() -> None:
    def texts(seed: int) -> list[str]:
        steps = [code_action(f"Way {i}.", f"print({i})") for i in range(6)]
        engine = ScriptedEngine(by_depth(steps, steps, [answer_action("So.", "2"), answer_action("Or.", "3")]))
        return [node.state.text for node in Tree(grow(engine, seed=seed, simulations=20)[1]).nodes()]

    assert texts(1) == texts(1) != texts(2)
