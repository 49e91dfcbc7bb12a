"""Trees on disk, without loss: one JSON object a line, one line a tree.

    {"format": "amz-tree-1", "question": ..., "rules": {}, "meta": {}, "before": [step, ...], "nodes": [node, ...]}

Nodes stand parents before children; a node names its parent by position. A step is stored as it was written, with what
its code printed; how it was read is stored only where reading it again gives something else (an odd action, kept as it
was taken). Interpreter snapshots are processes and do not travel.

The released code's format is in `agents.reporting.release`.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import IO, Any

from agents.reporting.files import read_lines, write_line
from agents.search.tree import Node, Tree
from amz_env.dynamics import Rules, State, TakenStep
from amz_env.steps import Step, StepFormat, parse_step

FORMAT = "amz-tree-1"
_STATISTICS = ("logprob", "prior", "visits", "value_sum", "value", "reward", "expanded", "exhausted")


@dataclass(frozen=True, slots=True)
class SavedTree:
    """A tree with what was saved beside it.

    Attributes:
        tree: the tree.
        meta: plain values about it: the problem's id, reference, agent, seed.
    """

    tree: Tree
    meta: Mapping[str, Any] = field(default_factory=dict)


def append_tree(file: IO[str], tree: Tree, meta: Mapping[str, Any] | None = None) -> None:
    """Append a tree to an open file (`agents.reporting.files.open_lines`)."""
    write_line(file, tree_to_json(tree, meta))


def read_trees(path: str | os.PathLike[str]) -> Iterator[SavedTree]:
    """Yield the trees of a file, of this format or of the released code's; a half-written last line is dropped.

    Raises:
        ValueError: a line that holds no tree, named by file and line.
        FileNotFoundError: there is no such file.
    """
    from agents.reporting.release import is_release_record, tree_from_release

    for number, record in enumerate(read_lines(path), 1):
        try:
            yield tree_from_release(record) if is_release_record(record) else tree_from_json(record)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise ValueError(f"{path}: record {number} holds no tree: {type(error).__name__}: {error}") from None


def tree_to_json(tree: Tree, meta: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a tree as plain values."""
    root = tree.root
    positions: dict[int, int] = {}
    nodes = []
    for position, node in enumerate(tree.nodes()):
        positions[id(node)] = position
        saved: dict[str, Any] = {name: getattr(node, name) for name in (*_STATISTICS, "copies")}
        if node.parent is not None:
            saved["parent"] = positions[id(node.parent)]
            saved |= _step_to_json(node.state.steps[-1], node.state.rules.step_format)
        nodes.append(saved | {"end": node.state.end, "errors": node.state.errors})
    return {
        "format": FORMAT,
        "question": root.state.question,
        "rules": asdict(root.state.rules),
        "meta": dict(meta or {}),
        "before": [_step_to_json(taken, root.state.rules.step_format) for taken in root.state.steps],
        "nodes": nodes,
    }


def tree_from_json(record: Mapping[str, Any]) -> SavedTree:
    """Return the tree that `tree_to_json` wrote.

    Raises:
        ValueError: another format.
        KeyError: a part is missing.
    """
    if record.get("format") != FORMAT:
        raise ValueError(f"format is {record.get('format')!r}, expected {FORMAT!r}")
    rules = Rules(**record["rules"])
    top = record["nodes"][0]
    before = tuple(_step_from_json(saved, rules.step_format) for saved in record["before"])
    root = Node(State(record["question"], rules, before, top["errors"], top["end"]))
    nodes = [root]
    _restore(root, top)
    for saved in record["nodes"][1:]:
        parent = nodes[saved["parent"]]
        node = parent.add_child(_next_state(parent.state, saved), saved["logprob"], saved["prior"])
        _restore(node, saved)
        nodes.append(node)
    return SavedTree(Tree(root), record["meta"])


def _restore(node: Node, saved: Mapping[str, Any]) -> None:
    for name in _STATISTICS:
        setattr(node, name, saved[name])
    node.copies = saved.get("copies", 1)  # trees that were saved before these were counted have none


def _next_state(state: State, saved: Mapping[str, Any]) -> State:
    taken = _step_from_json(saved, state.rules.step_format)
    return replace(state, steps=(*state.steps, taken), errors=saved["errors"], end=saved["end"])


def _step_to_json(taken: TakenStep, step_format: StepFormat) -> dict[str, Any]:
    saved: dict[str, Any] = {"action": taken.action}
    if taken.token_ids:
        saved["token_ids"] = list(taken.token_ids)
    if taken.observation is not None:
        saved |= {"observation": taken.observation, "failed": taken.failed}
    if parse_step(taken.action, step_format) != taken.step:
        saved["step"] = asdict(taken.step)
    return saved


def _step_from_json(saved: Mapping[str, Any], step_format: StepFormat) -> TakenStep:
    step = Step(**saved["step"]) if "step" in saved else parse_step(saved["action"], step_format)
    return TakenStep(
        saved["action"], step, saved.get("observation"), saved.get("failed", False), tuple(saved.get("token_ids", ()))
    )
