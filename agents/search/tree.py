"""The one tree: every search grows it, the trainer reads it, the viewer shows it.

A node is a state; the edge to it is the step that led there. Values are from the solver's own perspective throughout:
+1 is a right answer, -1 a wrong one or a failure. Since a step changes nothing but the text (deterministic transition,
reward 0 before the end, gamma = 1), Q(s, a) = V(s') and both live on the child node (paper, section 3.1).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from amz_env.dynamics import State


@dataclass(slots=True, eq=False)
class Node:
    """One state of a tree, with its statistics.

    Attributes:
        state: question and steps up to here.
        parent: the node one step before, None at the root.
        index: position among its siblings, from 0.
        logprob: log pi(a|s) of the step that led here, in nats, at temperature 1.
        prior: P(a|s), geometric mean token probability of that step, in (0, 1]; 1 at the root.
        copies: proposals that came to this one child.
        visits: N, the number of values backed up through this node.
        value_sum: W, their sum; Q = W / N.
        value: V(s) by the value head (or the failure's -1), None where it was never evaluated.
        reward: +1 / -1 where a grader judged the answer (training only), None otherwise.
        children: one node per distinct proposed step; empty where not expanded.
        pending: simulations on their way through this node; they count as visits that lost until they are back.
        expanded: whether the policy was asked for steps here.
        exhausted: terminal, or expanded with nothing but exhausted children: nothing is left to explore below.
    """

    state: State
    parent: "Node | None" = None
    index: int = 0
    logprob: float = 0.0
    prior: float = 1.0
    copies: int = 1
    visits: int = 0
    value_sum: float = 0.0
    value: float | None = None
    reward: float | None = None
    children: "list[Node]" = field(default_factory=list)
    pending: int = 0
    expanded: bool = False
    exhausted: bool = False

    @property
    def q(self) -> float:
        """Q = W / N, in [-1, 1]; 0 where unvisited (first-play urgency of the paper)."""
        return self.value_sum / self.visits if self.visits else 0.0

    @property
    def proposals(self) -> int:
        """Number of steps that the policy has proposed here."""
        return sum(child.copies for child in self.children)

    @property
    def depth(self) -> int:
        """Number of steps from the root."""
        return len(self.state.steps) - len(self.root.state.steps)

    @property
    def root(self) -> "Node":
        """The root of the tree this node is in."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    @property
    def terminal(self) -> bool:
        """Whether the episode is over here."""
        return self.state.end is not None

    @property
    def answered(self) -> bool:
        """Whether this is a leaf with a final answer."""
        return self.state.end == "answer"

    @property
    def tag(self) -> str:
        """The authors' name of a node: "0" for the root, "0.2.1" for child 1 of child 2 of the root."""
        return "0" if self.parent is None else f"{self.parent.tag}.{self.index}"

    def path(self) -> "list[Node]":
        """Return the nodes from the root to this one, both included."""
        return [*self.parent.path(), self] if self.parent is not None else [self]

    def walk(self) -> "Iterator[Node]":
        """Yield this node and everything below it, parents before children."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def add_child(self, state: State, logprob: float, prior: float, copies: int = 1) -> "Node":
        """Append and return a child; a terminal one is exhausted from the start."""
        child = Node(state, self, len(self.children), logprob, prior, copies, exhausted=state.end is not None)
        self.children.append(child)
        return child

    def backup(self, value: float, times: int = 1) -> None:
        """Back `value` up from here to the root: N += 1, W += value (paper, section 3.2; no discount, no sign flip).

        Args:
            value: in [-1, 1].
            times: how often.
        """
        node: Node | None = self
        while node is not None:
            node.visits += times
            node.value_sum += times * value
            node = node.parent

    def update_exhausted(self) -> None:
        """Mark this node and its ancestors exhausted where all children are. Called after an expansion."""
        node: Node | None = self
        while node is not None and node.expanded:
            exhausted = all(child.exhausted for child in node.children)
            if exhausted == node.exhausted:
                break
            node.exhausted = exhausted
            node = node.parent


@dataclass(slots=True, eq=False)
class Tree:
    """A search tree over one question."""

    root: Node

    def nodes(self) -> Iterator[Node]:
        """Yield all nodes, parents before children."""
        return self.root.walk()

    def answers(self) -> list[Node]:
        """Return the leaves with a final answer, in tree order."""
        return [node for node in self.nodes() if node.answered]

    def check(self) -> None:
        """Raise AssertionError where an invariant does not hold; for tests."""
        for node in self.nodes():
            where = f"node {node.tag}"
            assert 0.0 < node.prior <= 1.0 + 1e-9, f"{where}: prior {node.prior}"
            assert abs(node.value_sum) <= node.visits + 1e-6, f"{where}: |W| {node.value_sum} > N {node.visits}"
            assert node.value is None or -1.0 <= node.value <= 1.0, f"{where}: value {node.value}"
            assert node.reward in (None, 1.0, -1.0), f"{where}: reward {node.reward}"
            assert not (node.terminal and node.children), f"{where}: a terminal node has children"
            assert not node.children or node.expanded, f"{where}: children without expansion"
            assert sum(child.visits for child in node.children) <= node.visits, f"{where}: children outvisit it"
            done = node.terminal or (node.expanded and all(child.exhausted for child in node.children))
            assert node.exhausted == done, f"{where}: exhausted is {node.exhausted}, should be {done}"
            for index, child in enumerate(node.children):
                assert child.parent is node and child.index == index, f"{where}: child {index} is misplaced"
                assert len(child.state.steps) == len(node.state.steps) + 1, f"{where}: child {index} is not one step on"
