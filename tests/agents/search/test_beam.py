"""Step-level beam search against the paper's pseudo-code, and the released code's defects."""

import math
from functools import partial

import pytest

import agents
from agents.search.beam import step_beam
from agents.search.tree import Node, Tree
from amz_env import Rules, answer_action, code_action
from tests.fakes import HOSTILE, Option, ScriptedEngine, by_depth, searched, step, valued


def run(engine: ScriptedEngine, *, beams: int, width: int, rules: Rules | None = None) -> tuple[Node | None, Node]:
    return searched(engine, partial(step_beam, beams=beams, width=width), rules)


def test_the_best_value_is_followed() -> None:
    engine = ScriptedEngine(
        by_depth([step("a"), step("b")], [answer_action("Left.", "1"), answer_action("Right.", "2")]),
        valued({"Way a.": -0.5, "Way b.": 0.5, "Left.": 0.1, "Right.": 0.2}),
        draw="listed",
    )
    chosen, root = run(engine, beams=1, width=2)
    assert chosen is not None and chosen.tag == "0.1.1"
    assert not root.children[0].expanded  # SBS(1, 2) never looks below the worse step


def test_likelihood_outweighs_a_value_as_far_as_it_is_told_to() -> None:
    # V: half log-odds atanh(0.1) - atanh(-0.1) = 0.2 for step a; log pi: log 4 = 1.39 for step b.
    def chosen(likelihood: float) -> str:
        first = [Option(step("a"), math.log(0.2)), Option(step("b"), math.log(0.8))]
        engine = ScriptedEngine(
            by_depth(first, [answer_action("So.", "1")]), valued({"Way a.": 0.1, "Way b.": -0.1}), draw="listed"
        )
        leaf, _ = searched(engine, partial(step_beam, beams=1, width=2, likelihood=likelihood))
        assert leaf is not None
        return leaf.tag

    assert chosen(0.0) == chosen(0.1) == "0.0.0"
    assert chosen(0.2) == chosen(5.0) == "0.1.0"


def test_a_weight_of_the_likelihood_is_named_and_checked() -> None:
    assert agents.label("sbs", beams=3, likelihood=0.5) == "SBS(3,5),L=0.5"
    assert agents.label("sbs", likelihood=1, temperature=1.0) == "SBS(1,5),L=1,T=1"
    with pytest.raises(ValueError, match="likelihood must be a finite number of at least 0, got -1"):
        agents.label("sbs", likelihood=-1)


def test_the_first_step_asks_for_b1_times_b2_and_later_steps_for_b2() -> None:
    engine = ScriptedEngine(by_depth([step(c) for c in "abcdef"], [answer_action("So.", "1")]), draw="listed")
    run(engine, beams=3, width=2)
    assert [call.n for call in engine.calls if call.kind == "expand"] == [6, 2, 2, 2]


def test_a_dead_beam_does_not_narrow_the_search() -> None:
    # Released code: a beam that fails is dropped and the width shrinks for good.
    engine = ScriptedEngine(
        by_depth([step("a"), HOSTILE["no tags"], step("b"), HOSTILE["empty"]], [answer_action("So.", "1")]),
        lambda state: 0.0,
        draw="listed",
    )
    _, root = run(engine, beams=2, width=2)
    assert [child.tag for child in root.children if child.expanded] == ["0.0", "0.2"]


def test_a_finished_answer_is_kept_once_and_goes_on_competing() -> None:
    # Defect 2: a finished answer was added again after a failed expansion. Here it stays one leaf, and a better one
    # wins.
    engine = ScriptedEngine(
        by_depth([answer_action("Early.", "1"), step("a")], [answer_action("Late.", "2")]),
        valued({"Early.": 0.3, "Way a.": 0.4, "Late.": 0.9}),
        draw="listed",
    )
    chosen, root = run(engine, beams=2, width=1)
    assert [leaf.state.answer for leaf in Tree(root).answers()] == ["1", "2"]
    assert chosen is not None and chosen.state.answer == "2"


def test_a_finished_answer_takes_one_place_of_the_beam() -> None:
    bad = HOSTILE["no tags"]
    engine = ScriptedEngine(
        by_depth([answer_action("Early.", "1"), step("a"), step("b")], [bad, step("c")], [step("d")], [bad]),
        valued({"Early.": 0.5, "Way a.": 0.4, "Way b.": 0.3, "Way c.": 0.2, "Way d.": 0.1}),
        draw="listed",
    )
    chosen, root = run(engine, beams=3, width=2)
    # Twice in the beam, the answer would leave room for one open path only.
    assert {node.tag for node in root.walk() if node.expanded and node.depth == 2} == {"0.1.1", "0.2.1"}
    assert chosen is not None and chosen.state.answer == "1"


def test_an_answer_that_open_paths_push_out_is_what_is_left_when_they_fail() -> None:
    bad = HOSTILE["no tags"]
    engine = ScriptedEngine(
        by_depth([answer_action("Early.", "1"), step("a")], [step("b"), step("c")], [bad, bad]),
        valued({"Early.": 0.3, "Way a.": 0.4, "Way b.": 0.5, "Way c.": 0.6}),
        draw="listed",
    )
    chosen, root = run(engine, beams=2, width=2)
    assert sum(node.expanded for node in root.walk()) == 4  # the root, a, b and c: the answer was out of the beam
    assert chosen is not None and chosen.state.answer == "1"


def test_the_rules_limits_hold() -> None:
    # Defect 4: SBS ignored the code-error limit and ran to depth 10.
    engine = ScriptedEngine(lambda state: [code_action(f"Fail {len(state.steps)}.", "1 / 0")])
    chosen, root = run(engine, beams=1, width=1, rules=Rules(max_errors=3, max_steps=8))
    assert chosen is None
    assert max(node.depth for node in Tree(root).nodes()) == 4
    endless = ScriptedEngine(lambda state: [code_action(f"Go on {len(state.steps)}.", "1")])
    chosen, root = run(endless, beams=1, width=1, rules=Rules(max_errors=3, max_steps=8))
    assert chosen is None
    assert max(node.depth for node in Tree(root).nodes()) == 8


def test_every_candidate_is_valued_by_one_request() -> None:
    engine = ScriptedEngine(by_depth([step("a"), step("b"), step("c")], [answer_action("So.", "1")]), draw="listed")
    run(engine, beams=1, width=3)
    values = [call for call in engine.calls if call.kind == "value"]
    assert len(values) == 3 + 1
