"""A search tree in the terminal: one line a node, with N, Q, V and P, and what the step says."""

from collections import Counter

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree as Drawing

from agents.reporting.text import printable, shortened
from agents.search.tree import Node, Tree

_ENDINGS = {
    "malformed": "unreadable step",
    "code_errors": "too many code errors",
    "max_steps": "out of steps",
    "max_length": "too long",
}


def tree_view(
    tree: Tree, *, depth: int | None = None, least_visits: int = 0, chosen: Node | None = None, width: int = 72
) -> RenderableType:
    """Return a drawing of the tree.

    Args:
        tree: the tree.
        depth: steps below the root to show; None shows all.
        least_visits: nodes of fewer visits are left out, with a count of them.
        chosen: the leaf that was chosen; its path is marked.
        width: characters of a step's text.
    """
    marked = {id(node) for node in chosen.path()} if chosen is not None else set()
    drawing = Drawing(_root_line(tree.root))
    stack = [(tree.root, drawing)]
    while stack:
        node, branch = stack.pop()
        if depth is not None and node.depth >= depth:
            if node.children:
                branch.add(Text(f"... {_count_below(node)} more below", style="dim"))
            continue
        shown = [child for child in node.children if child.visits >= least_visits]
        stack.extend((child, branch.add(node_line(child, marked=id(child) in marked, width=width))) for child in shown)
        if len(shown) < len(node.children):
            branch.add(Text(f"... {len(node.children) - len(shown)} of fewer visits", style="dim"))
    return Group(drawing, summary(tree))


def node_line(node: Node, *, marked: bool = False, width: int = 72) -> Text:
    """Return one node as a line: tag, statistics, and what the step says."""
    line = Text()
    line.append(f"{'*' if marked else ' '} {node.tag} ", style="bold" if marked else "")
    line.append(statistics(node) + "  ", style="cyan")
    taken = node.state.steps[-1]
    step = taken.step
    if node.answered:
        style = {1.0: "bold green", -1.0: "bold red"}.get(node.reward or 0.0, "bold")
        line.append(f"answer {shortened(step.answer or '', width)}", style=style)
    elif node.terminal and step.kind == "malformed":
        line.append(f"unreadable step: {step.fault}", style="red")
    else:
        line.append(shortened(step.text or step.code or "", width))
        if taken.observation:
            line.append(f" -> {shortened(taken.observation, width // 2)}", style="red" if taken.failed else "green")
        if node.terminal:
            line.append(f" [{_ENDINGS.get(node.state.end or '', node.state.end or '')}]", style="red")
    return line


def statistics(node: Node) -> str:
    """Return N, Q, V, P, and the reward where the answer was judged, each as far as it is known."""
    parts = [f"N={node.visits}", f"Q={node.q:+.2f}"] if node.visits else []
    if node.value is not None:
        parts.append(f"V={node.value:+.2f}")
    if node.parent is not None:
        parts.append(f"P={node.prior:.2f}")
    if node.reward is not None:
        parts.append(f"r={node.reward:+.0f}")
    return " ".join(parts)


def summary(tree: Tree) -> Text:
    """Return the size of the tree and the answers in it, the most frequent first."""
    nodes = list(tree.nodes())
    answers = Counter(printable(node.state.answer or "") for node in tree.answers())
    failed = sum(node.terminal and not node.answered for node in nodes)
    deepest = max(node.depth for node in nodes)
    found = ", ".join(f"{shortened(answer, 30)} x{count}" for answer, count in answers.most_common(8)) or "none"
    return Text(f"{len(nodes)} nodes, {deepest} steps deep, {failed} failed leaves; answers: {found}")


def _root_line(root: Node) -> Text:
    line = Text(f"  {root.tag} ", style="bold")
    line.append(statistics(root) + "  ", style="cyan")
    line.append(shortened(root.state.question, 200))
    return line


def _count_below(node: Node) -> int:
    return sum(1 for _ in node.walk()) - 1
