"""Which proposals become children."""

import asyncio

import pytest

from agents.search.search import Search
from agents.search.tree import Node
from amz_env import Rules, State, answer_action, code_action
from amz_env.interpreter import shared_interpreter
from amz_env.steps import StepFormat
from tests.fakes import ScriptedEngine, by_depth

WORDINGS = [code_action(text, code) for text, code in (("Add.", "print(2)"), ("Or.", "print(2)"), ("Go.", "print(3)"))]


def children(steps: list[str], *, distinct: bool = True, step_format: StepFormat = "alphamath") -> list[str]:
    root = Node(State("What is 1 + 1?", Rules(step_format=step_format)))
    search = Search(ScriptedEngine(by_depth(steps), draw="listed"), shared_interpreter(), temperature=1.0, seed=0)
    found = asyncio.run(search.expand(root, len(steps), distinct=distinct))
    assert sum(child.copies for child in found) == len(steps)
    return [child.state.steps[-1].action for child in found]


def test_the_same_code_in_other_words_is_one_child_the_first() -> None:
    assert children(WORDINGS) == [WORDINGS[0], WORDINGS[2]]


def test_without_distinct_all_are_kept() -> None:
    assert children(WORDINGS, distinct=False) == WORDINGS


def test_answers_are_told_apart_by_their_words() -> None:
    # As in the authors' example, where three right answers to one state count three times.
    so, thus = answer_action("So.", "2"), answer_action("Thus.", "2")
    assert children([so, thus, so]) == [so, thus]


@pytest.mark.parametrize("step_format", ["alphamath", "plain"])
def test_steps_without_code_are_told_apart_by_their_words(step_format: StepFormat) -> None:
    assert len(children(["First add.", "Then take away.", "First add."], step_format=step_format)) == 2
