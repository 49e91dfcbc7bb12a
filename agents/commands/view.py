"""`amz view`: look at search trees that were saved, in this project's format or in the released AlphaMath code's."""

import json
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated

import tyro
from rich.text import Text

from agents.commands.errors import BadInput, bad_input
from agents.commands.terminal import output
from agents.reporting.release import tree_to_release
from agents.reporting.text import printable, shortened
from agents.reporting.tree_view import statistics, summary, tree_view
from agents.reporting.trees import SavedTree, read_trees, tree_to_json
from agents.search.tree import Node


@dataclass(frozen=True)
class ViewConfig:
    """Show search trees: N (visits), Q (mean value), V (value head), P (prior) and what each step says.

    Examples:
      amz view runs/first/round-1/trees.jsonl --list
      amz view runs/first/round-1/trees.jsonl --index 3 --least-visits 2
      amz view runs/first/round-1/trees.jsonl --index 3 --node 0.1.2
      amz view trees.jsonl --index 3 --as-release > released_format.jsonl
    """

    file: Annotated[Path, tyro.conf.Positional]
    """A file of trees (JSON lines)."""
    index: int = 0
    """Which tree of the file, from 0."""
    list: bool = False
    """List the trees of the file, one line each."""
    depth: int | None = None
    """Steps below the root to show; by default all."""
    least_visits: int = 0
    """Leave out nodes of fewer visits."""
    node: str | None = None
    """Show one node whole, by its tag (0 is the root, 0.2.1 child 1 of its child 2)."""
    json: bool = False
    """Print the tree as one line of JSON instead."""
    as_release: bool = False
    """Print the tree in the format of the released AlphaMath code instead."""


def run(config: ViewConfig) -> int:
    """Print a tree, a node of it, or the list of trees.

    Raises:
        BadInput: the options cannot be used.
    """
    if config.list:
        return _list(config.file)
    with bad_input():
        saved = _pick(config)
        if config.as_release or config.json:
            write = tree_to_release if config.as_release else tree_to_json
            print(json.dumps(write(saved.tree, saved.meta)))
        elif config.node is not None:
            _show_node(_find(saved, config.node))
        else:
            console = output()
            if saved.meta:
                about = ", ".join(f"{key}={value}" for key, value in saved.meta.items())
                console.print(Text(shortened(about, 400), style="dim"))
            console.print(tree_view(saved.tree, depth=config.depth, least_visits=config.least_visits))
    return 0


def _list(file: Path) -> int:
    console = output()
    with bad_input():
        for number, saved in enumerate(read_trees(file)):
            console.print(Text(f"{number:>4}  {shortened(saved.tree.root.state.question, 100)}"))
            console.print(Text.assemble("      ", (summary(saved.tree).plain, "dim")))
    return 0


def _pick(config: ViewConfig) -> SavedTree:
    if config.index < 0:
        raise BadInput(f"--index must be at least 0, got {config.index}")
    picked = next(islice(read_trees(config.file), config.index, None), None)
    if picked is None:
        count = sum(1 for _ in read_trees(config.file))
        raise BadInput(f"{config.file} holds {count} trees, so there is none at --index {config.index} (from 0)")
    return picked


def _find(saved: SavedTree, tag: str) -> Node:
    found = next((node for node in saved.tree.nodes() if node.tag == tag), None)
    if found is None:
        raise BadInput(f"the tree has no node {tag!r}; tags are like 0.2.1, see the tree")
    return found


def _show_node(node: Node) -> None:
    console = output()
    console.print(Text.assemble((node.tag, "bold"), "  ", (statistics(node), "cyan"), f"  {node.state.end or 'open'}"))
    console.print(Text(printable(node.state.text)))
