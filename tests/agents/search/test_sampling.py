"""Majority vote, best-of-N and greedy."""

import asyncio
import math

from agents.search.greedy import greedy
from agents.search.sampling import best_of_n, majority_vote
from agents.search.search import Search
from agents.search.tree import Node, Tree
from amz_env import State, answer_action, code_action
from amz_env.interpreter import shared_interpreter
from tests.fakes import HOSTILE, Option, ScriptedEngine, by_depth


def searched(engine: ScriptedEngine, temperature: float = 1.0) -> tuple[Search, Node]:
    return Search(engine, shared_interpreter(), temperature=temperature, seed=5), Node(State("q"))


def test_the_majority_wins_and_equal_values_vote_together() -> None:
    answers = [
        answer_action("A.", "3"),
        answer_action("B.", "0.5"),
        answer_action("C.", "3"),
        answer_action("D.", "1/2"),
        answer_action("E.", r"\frac{1}{2}"),
    ]
    search, root = searched(ScriptedEngine(by_depth(answers), draw="listed"))
    chosen = asyncio.run(majority_vote(search, root, n=5))
    assert chosen is not None and chosen.state.answer == "0.5"
    Tree(root).check()


def test_a_tie_goes_to_the_first_answer() -> None:
    search, root = searched(
        ScriptedEngine(by_depth([answer_action("A.", "7"), answer_action("B.", "4")]), draw="listed")
    )
    chosen = asyncio.run(majority_vote(search, root, n=4))
    assert chosen is not None and chosen.state.answer == "7"


def test_equal_samples_keep_their_votes() -> None:
    search, root = searched(ScriptedEngine(by_depth([answer_action("A.", "7")])))
    asyncio.run(majority_vote(search, root, n=6))
    assert len(root.children) == 6


def test_failed_samples_do_not_vote() -> None:
    options = [HOSTILE["no tags"], HOSTILE["empty"], answer_action("A.", "7")]
    search, root = searched(ScriptedEngine(by_depth(options), draw="listed"))
    chosen = asyncio.run(majority_vote(search, root, n=3))
    assert chosen is not None and chosen.state.answer == "7"
    search, root = searched(ScriptedEngine(by_depth([HOSTILE["no tags"]])))
    assert asyncio.run(majority_vote(search, root, n=3)) is None


def test_best_of_n_takes_the_highest_value() -> None:
    def value(state: State) -> float:
        return {"1": 0.2, "2": 0.8, "3": -0.1}.get(state.answer or "", 0.0)

    answers = [answer_action(f"A{i}.", str(i)) for i in (1, 2, 3)]
    search, root = searched(ScriptedEngine(by_depth(answers), value, draw="listed"))
    chosen = asyncio.run(best_of_n(search, root, n=3))
    assert chosen is not None and chosen.state.answer == "2"
    assert [leaf.value for leaf in root.children] == [0.2, 0.8, -0.1]


def test_greedy_takes_the_most_probable_step_to_the_end() -> None:
    likely, rare = (
        Option(code_action("Add.", "print(1 + 1)"), math.log(0.9)),
        Option(answer_action("Guess.", "9"), math.log(0.1)),
    )
    search, root = searched(ScriptedEngine(by_depth([likely, rare], [answer_action("So.", "2")])), temperature=0.0)
    chosen = asyncio.run(greedy(search, root))
    assert chosen is not None and chosen.state.answer == "2"
    assert chosen.state.steps[0].observation == "2"
    assert search.cost.model_calls == 2 and search.cost.generated_tokens > 0
