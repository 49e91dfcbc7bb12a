"""The released code's tree JSONL, both ways (github.com/MARIO-Math-Reasoning/Super_MARIO).

Each line is the input record (`question`, `answer`, ...) plus `react` = {tag: state}: "0" is the root, "0.2.1" child 1
of child 2 of it. A state has text, extra_info, action, action_input, final_answer, value, q_value, prior, visit_count.
Reading is as good as the format allows: it holds no token ids, no format name and no reason of an end, so these are
derived; `value` -100 means that a node was never evaluated.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agents.reporting.trees import SavedTree
from agents.search.tree import Node, Tree
from amz_env.dynamics import EndReason, Rules, State, TakenStep
from amz_env.steps import closing, parse_step

UNEVALUATED = -100
TOOL = "python_interpreter"
FAILURES: Mapping[str, EndReason] = {
    "Too many consecutive steps have code errors.": "code_errors",
    "Fail to sove the problem within limited steps.": "max_steps",  # sic
    "Fail to generate parsable text for next step.": "malformed",
}
"""What stands in `final_answer` of a failed leaf -> why its episode ended."""

_SENTENCES: Mapping[EndReason, str] = {reason: sentence for sentence, reason in FAILURES.items()} | {
    "max_length": "Fail to sove the problem within limited steps."  # the release has no word for it
}


def is_release_record(record: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a tree of the released code."""
    return isinstance(record.get("react"), Mapping)


def tree_to_release(tree: Tree, meta: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a tree as the released code writes it.

    Args:
        tree: a tree whose root is the bare question.
        meta: keys of the input record; `question` is added, and `answer`, which readers expect, from `reference`, the
            name of the same in the trees of `amz train`.

    Raises:
        ValueError: the root is not the bare question; the format has no place for steps before it.
    """
    if tree.root.state.steps:
        raise ValueError("the released format begins a tree at the question; this one begins after a step")
    states = {node.tag: _state_of(node) for node in tree.nodes()}
    by_depth = sorted(states, key=lambda tag: (tag.count("."), [int(part) for part in tag.split(".")]))
    record = dict(meta or {})
    if "reference" in record:
        record.setdefault("answer", record["reference"])
    return {**record, "question": tree.root.state.question, "react": {tag: states[tag] for tag in by_depth}}


def tree_from_release(record: Mapping[str, Any], rules: Rules | None = None) -> SavedTree:
    """Return the tree of a record of the released code.

    Nodes keep their tags' order; where tags have gaps, children are numbered anew.

    Args:
        record: one line of the file.
        rules: the rules that its episodes were played by; the release's format and limits by default.

    Raises:
        ValueError: no root, or a node without its parent.
        KeyError: no question, or a state without its text.
    """
    states = record["react"]
    if "0" not in states:
        raise ValueError("no root: the tag '0' is missing")
    question = record.get("question") or str(states["0"].get("extra_info", "")).removeprefix("question: ")
    if not question:
        raise KeyError("question")
    root = Node(State(question, rules or Rules()))
    _restore(root, states["0"])
    nodes = {"0": root}
    for tag in sorted(set(states) - {"0"}, key=lambda tag: [int(part) for part in tag.split(".")]):
        parent = nodes.get(tag.rpartition(".")[0])
        if parent is None:
            raise ValueError(f"node {tag!r} has no parent")
        nodes[tag] = _add_child(parent, states[tag])
    tree = Tree(root)
    for node in tree.nodes():
        node.expanded = bool(node.children)
    for node in reversed(list(tree.nodes())):
        node.exhausted = node.terminal or (node.expanded and all(child.exhausted for child in node.children))
    return SavedTree(tree, {key: value for key, value in record.items() if key not in ("react", "question")})


def _state_of(node: Node) -> dict[str, Any]:
    taken = node.state.steps[-1] if node.state.steps else None
    step = taken.step if taken is not None else None
    return {
        "text": _text_of(node.state) if taken is not None else "",
        "extra_info": f"question: {node.state.question}" if node.parent is None else "",
        "action": TOOL if step is not None and step.code is not None else "",
        "action_input": f"```python\n{step.code}\n```" if step is not None and step.code is not None else "",
        "final_answer": node.state.answer or (_SENTENCES.get(node.state.end, "") if node.state.end else ""),
        "value": UNEVALUATED if node.value is None else node.value,
        "q_value": node.q,
        "prior": node.prior,
        "visit_count": node.visits,
    }


def _text_of(state: State) -> str:
    """Return the last step with its output, joined to the next by a line end as the released code does."""
    taken = state.steps[-1]
    return (taken.action + "".join(closing(taken.step.kind, taken.observation, state.rules.step_format))).rstrip("\n")


def _add_child(parent: Node, saved: Mapping[str, Any]) -> Node:
    rules = parent.state.rules
    head, _, tail = closing("code", "", rules.step_format)
    action, has_output, rest = str(saved["text"]).partition(head)
    step = parse_step(action, rules.step_format)
    ran = bool(has_output) and step.code is not None
    observation = rest.removesuffix(tail.rstrip("\n")).removesuffix(tail) if ran else None
    failed = "Error" in (observation or "")  # the release's own rule: it stores nothing better
    taken = TakenStep(action if ran else str(saved["text"]), step, observation, failed)
    errors = (parent.state.errors + 1 if failed else 0) if ran else parent.state.errors
    after = replace(parent.state, steps=(*parent.state.steps, taken), errors=errors)
    prior = float(saved.get("prior", 1.0))
    node = parent.add_child(replace(after, end=_end_of(after, saved)), math.log(prior) if prior > 0 else 0.0, prior)
    _restore(node, saved)
    return node


def _end_of(state: State, saved: Mapping[str, Any]) -> EndReason | None:
    final_answer = saved.get("final_answer")
    if final_answer:
        return FAILURES.get(str(final_answer), "answer" if state.steps[-1].step.kind == "answer" else "malformed")
    return "malformed" if state.steps[-1].step.kind == "malformed" else None


def _restore(node: Node, saved: Mapping[str, Any]) -> None:
    value = float(saved.get("value", UNEVALUATED))
    node.value = None if value == UNEVALUATED else value
    node.visits = int(saved.get("visit_count", 0))
    node.value_sum = float(saved.get("q_value", 0.0)) * node.visits
