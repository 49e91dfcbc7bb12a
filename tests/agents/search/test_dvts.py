"""Diverse verifier tree search: independent subtrees, solved by hand."""

from functools import partial

from agents.search.dvts import dvts
from agents.search.tree import Node, Tree
from amz_env import Rules, State, answer_action, code_action
from tests.fakes import HOSTILE, ScriptedEngine, by_depth, searched, step, valued


def run(engine: ScriptedEngine, *, subtrees: int, width: int, rules: Rules | None = None) -> tuple[Node | None, Node]:
    return searched(engine, partial(dvts, subtrees=subtrees, width=width), rules)


def expanded(root: Node) -> list[str]:
    return [node.tag for node in Tree(root).nodes() if node.expanded]


def test_every_subtree_goes_on_with_its_own_best_step() -> None:
    # Subtree 0 has a and c, subtree 1 has b and d. A beam search of two beams would go on with a and c.
    engine = ScriptedEngine(
        by_depth([step("a"), step("b"), step("c"), step("d")], [answer_action("So.", "1")]),
        valued({"Way a.": 0.9, "Way b.": 0.1, "Way c.": 0.8, "Way d.": 0.2, "So.": 0.5}),
        draw="listed",
    )
    _, root = run(engine, subtrees=2, width=2)
    assert expanded(root) == ["0", "0.0", "0.3"]
    assert [call.n for call in engine.calls if call.kind == "expand"] == [4, 2, 2]


def test_the_answer_is_the_best_of_the_subtrees_final_ones() -> None:
    answers = {
        "Way a.": [answer_action("From a.", "1"), answer_action("Also a.", "2")],
        "Way b.": [answer_action("From b.", "3"), answer_action("Also b.", "4")],
    }

    def policy(state: State) -> list[str]:
        return answers[state.steps[0].step.text] if state.steps else [step("a"), step("b")]

    values = {"Way a.": 0.9, "Way b.": -0.9, "From a.": -0.2, "Also a.": 0.1, "From b.": 0.3, "Also b.": 0.2}
    chosen, root = run(ScriptedEngine(policy, valued(values), draw="listed"), subtrees=2, width=2)
    assert expanded(root) == ["0", "0.0", "0.1"]
    assert chosen is not None and chosen.state.answer == "3"  # the subtree with the worse beginning


def test_a_subtree_that_fails_does_not_touch_another() -> None:
    def policy(state: State) -> list[str]:
        if not state.steps:
            return [step("a"), step("b")]
        return [HOSTILE["no tags"]] if state.steps[0].step.text == "Way a." else [answer_action("So.", "7")]

    chosen, _ = run(ScriptedEngine(policy, draw="listed"), subtrees=2, width=2)
    assert chosen is not None and chosen.state.answer == "7"
    nothing, _ = run(ScriptedEngine(by_depth([HOSTILE["no tags"]]), draw="listed"), subtrees=2, width=2)
    assert nothing is None


def test_a_subtree_left_without_candidates_ends_there() -> None:
    # Equal proposals at the root are one step, so three of four subtrees have nothing to begin with.
    engine = ScriptedEngine(by_depth([step("a")], [answer_action("So.", "1")]), draw="listed")
    chosen, root = run(engine, subtrees=4, width=1)
    assert chosen is not None and expanded(root) == ["0", "0.0"]


def test_the_rules_limits_end_a_subtree() -> None:
    engine = ScriptedEngine(lambda state: [code_action(f"Fail {len(state.steps)}.", "1 / 0")])
    chosen, root = run(engine, subtrees=1, width=1, rules=Rules(max_errors=1))
    assert chosen is None and max(node.depth for node in Tree(root).nodes()) == 2
