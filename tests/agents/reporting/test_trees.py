import json
import math
from dataclasses import replace

import pytest

import agents
from agents.reporting.files import open_lines
from agents.reporting.release import tree_from_release, tree_to_release
from agents.reporting.trees import append_tree, read_trees, tree_from_json, tree_to_json
from agents.search.tree import Node, Tree
from amz_env.dynamics import Rules, State, apply_step
from amz_env.steps import Step, answer_action, code_action, parse_step
from tests.fakes import HOSTILE, ScriptedEngine, by_depth

STATISTICS = ("tag", "logprob", "prior", "copies", "visits", "value_sum", "value", "reward", "expanded", "exhausted")
QUICK_HOSTILE = [action for name, action in HOSTILE.items() if name not in ("loops", "floods", "exits")]


def described(tree):
    return [(*(getattr(node, name) for name in STATISTICS), node.state) for node in tree.nodes()]


def token_ids(tree):
    return [node.state.steps[-1].token_ids for node in tree.nodes() if node.parent is not None]


@pytest.fixture(scope="module")
def tree():
    """A tree with every kind of node: code, failing code, answers, unreadable steps."""
    engine = ScriptedEngine(
        by_depth(
            [code_action("Add.", "x = 1 + 1\nprint(x)"), *QUICK_HOSTILE],
            [code_action("Divide.", "print(x / 0)"), answer_action("So.", "2"), answer_action("Or.", "½ \u2028")],
            [answer_action("At last.", "3")],
        ),
        lambda state: 0.3 - 0.1 * len(state.steps),
        draw="listed",
    )
    agent = agents.make("mcts", model=engine, simulations=6, width=len(QUICK_HOSTILE) + 1)
    (solution,) = agent.solve(["What is 1 + 1?"])
    solution.tree.check()
    assert len(list(solution.tree.nodes())) > 10
    return solution.tree


def test_a_tree_comes_back_without_loss(tree):
    record = json.loads(json.dumps(tree_to_json(tree, {"id": "p1", "seed": 3})))
    saved = tree_from_json(record)
    saved.tree.check()
    assert described(saved.tree) == described(tree)
    assert token_ids(saved.tree) == token_ids(tree)
    assert any(token_ids(tree))
    assert saved.meta == {"id": "p1", "seed": 3}


def test_a_tree_saved_before_copies_were_counted_has_one_of_each(tree):
    record = tree_to_json(tree)
    for node in record["nodes"]:
        del node["copies"]
    assert {node.copies for node in tree_from_json(record).tree.nodes()} == {1}


def test_rules_and_steps_before_the_root_come_back():
    rules = Rules("plain", max_steps=3, max_errors=0)
    begun = apply_step(State("Q?", rules), "First, think.", parse_step("First, think.", "plain"))
    root = Node(begun)
    root.add_child(apply_step(begun, "Final Answer: 5", parse_step("Final Answer: 5", "plain")), -1.5, 0.25)
    root.expanded = root.exhausted = True
    saved = tree_from_json(json.loads(json.dumps(tree_to_json(Tree(root)))))
    assert described(saved.tree) == described(Tree(root))
    assert saved.tree.root.state.rules == rules and saved.tree.root.tag == "0"


def test_a_step_that_would_be_read_otherwise_today_keeps_its_reading():
    state = State("Q?")
    read_then = Step("answer", "Old words", answer="41")
    after = apply_step(state, answer_action("New words", "42"), read_then)
    root = Node(state, expanded=True, exhausted=True)
    root.add_child(after, -1.0, 0.5)
    (child,) = tree_from_json(json.loads(json.dumps(tree_to_json(Tree(root))))).tree.root.children
    assert child.state.steps[-1].step == read_then and child.state.answer == "41"


def test_trees_are_read_up_to_a_half_written_last_line(tree, tmp_path):
    path = tmp_path / "trees.jsonl"
    with open_lines(path) as file:
        append_tree(file, tree, {"n": 1})
        append_tree(file, tree, {"n": 2})
    whole = path.read_bytes()
    path.write_bytes(whole[:-50])
    assert [saved.meta["n"] for saved in read_trees(path)] == [1]


def test_a_line_without_a_tree_is_named(tmp_path):
    path = tmp_path / "trees.jsonl"
    path.write_text('{"format": "amz-tree-9", "nodes": []}\n')
    with pytest.raises(ValueError, match=r"trees\.jsonl: record 1 holds no tree: .*amz-tree-9"):
        list(read_trees(path))


def test_the_released_format_keeps_what_it_can_hold(tree, tmp_path):
    path = tmp_path / "released.jsonl"
    path.write_text(json.dumps(tree_to_release(tree, {"answer": "2", "level": 1})) + "\n")
    (saved,) = read_trees(path)
    saved.tree.check()
    assert saved.meta == {"answer": "2", "level": 1}
    before, after = list(tree.nodes()), list(saved.tree.nodes())
    for name in ("tag", "prior", "visits", "value"):
        assert [getattr(node, name) for node in after] == [getattr(node, name) for node in before], name
    assert [node.q for node in after] == pytest.approx([node.q for node in before])
    assert [node.state.answer for node in after] == [node.state.answer for node in before]
    assert [node.state.end for node in after] == [node.state.end for node in before]
    for node, again in zip(before, after, strict=True):
        codes = [taken.step.code for taken in node.state.steps]
        assert [taken.step.code for taken in again.state.steps] == codes
        assert [taken.observation for taken in again.state.steps] == [taken.observation for taken in node.state.steps]


def test_a_training_tree_has_its_answer_in_the_released_format(tree):
    assert tree_to_release(tree, {"reference": "2"})["answer"] == "2"
    assert tree_to_release(tree, {"reference": "2", "answer": "3"})["answer"] == "3"


def test_the_released_format_is_written_as_the_released_code_does(tree):
    react = tree_to_release(tree)["react"]
    assert list(react)[:2] == ["0", "0.0"]
    assert [tag.count(".") for tag in react] == sorted(tag.count(".") for tag in react)
    assert react["0"]["text"] == "" and react["0"]["extra_info"] == "question: What is 1 + 1?"
    code = react["0.0"]
    assert code["text"].endswith("</code>\n<output>\n2\n</output>\n</step>")
    assert (code["action"], code["action_input"]) == ("python_interpreter", "```python\nx = 1 + 1\nprint(x)\n```")
    unreadable = [state for state in react.values() if state["final_answer"].startswith("Fail to generate parsable")]
    assert unreadable and all(state["value"] == -1.0 for state in unreadable)


def record_of_the_release():
    """A line as the released code writes one (MCTS, before any check of mine)."""
    step = "<step>\n<p>\nCompute.\n</p>\n<code>\n```python\n{}\n```\n</code>\n<output>\n{}\n</output>\n</step>"
    empty = {"extra_info": "", "action": "", "action_input": "", "final_answer": ""}
    tool = empty | {"action": "python_interpreter"}
    final = "<step>\n<p>\nDone.\n</p>\n<p>\nFinal Answer: $4$\n</p>\n</step>"
    numbers = {"value": -100, "q_value": 0.0, "prior": 0.5, "visit_count": 0}
    return {
        "question": "What is 2+2?",
        "answer": ["4", "four"],
        "react": {
            "0": {"text": "", **empty, "extra_info": "question: What is 2+2?", "value": 0.25, "q_value": 0.5}
            | {"prior": 1.0, "visit_count": 4},
            "0.0": {"text": step.format("print(2+2)", "4"), **tool, **numbers} | {"q_value": 0.75, "visit_count": 2},
            "0.1": {"text": step.format("1/0", "ZeroDivisionError: division by zero"), **tool, **numbers},
            "0.2": {"text": "gibberish", **empty, **numbers}
            | {"final_answer": "Fail to generate parsable text for next step.", "q_value": -1.0, "visit_count": 1},
            "0.0.0": {"text": final, **empty, **numbers} | {"final_answer": "4", "q_value": 1.0, "visit_count": 1},
        },
    }


def test_a_line_of_the_released_code_is_read():
    saved = tree_from_release(record_of_the_release())
    saved.tree.check()
    root = saved.tree.root
    assert saved.meta == {"answer": ["4", "four"]}
    assert (root.visits, root.q, root.value) == (4, 0.5, 0.25)
    works, fails, gibberish = root.children
    assert works.state.steps[-1].observation == "4" and works.value is None and works.logprob == math.log(0.5)
    assert fails.state.errors == 1 and not fails.terminal and not fails.expanded
    assert gibberish.state.end == "malformed" and gibberish.exhausted
    assert works.children[0].state.answer == "4" and works.exhausted


@pytest.mark.parametrize("tag", ["0", "0.0"])
def test_a_released_tree_with_a_hole_is_an_error(tag):
    record = record_of_the_release()
    del record["react"][tag]
    with pytest.raises(ValueError, match=r"no root|no parent"):
        tree_from_release(record)


def test_a_tree_begun_midway_has_no_released_form():
    state = apply_step(State("Q?"), code_action("a", "print(1)"), parse_step(code_action("a", "print(1)")))
    with pytest.raises(ValueError, match="begins a tree at the question"):
        tree_to_release(Tree(Node(replace(state, snapshot=None))))
