"""What a search may do on its one problem: propose steps, run their code, ask for values.

A search algorithm is a coroutine `(search, root) -> Node | None` in straight-line code; it never batches. Many of them
run at once, and the engine and the interpreter batch what they ask for.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Protocol, TypeVar

from agents.base import Cost
from agents.inference.base import Engine, Proposal, derive_seed
from agents.search.meter import Metered, MeteredInterpreter, metered
from agents.search.tree import Node
from amz_env.dynamics import RunsCode, State, put_off, transition_async
from amz_env.steps import StepFormat, canonical_action, parse_step

T = TypeVar("T")

# One step in a hundred has such a loop, and of code that runs into its time limit nearly all.
_MAY_TAKE_LONG = re.compile(r"\bwhile\b")

FAILURE = -1.0
"""Value of a terminal state without an answer: malformed, too many errors, too many steps."""

Judge = Callable[[str], Awaitable[bool | None]]
"""Is this answer right? None if that cannot be decided. Only the trainer has one; at inference a search gets None."""


@dataclass(slots=True)
class Search:
    """One search on one problem.

    Attributes:
        engine: the policy and value model.
        interpreter: runs the steps' code.
        temperature: of sampling; 0 is greedy.
        seed: seed of this search; each expansion derives its own from it and the node's place in the tree.
        judge: tells right answers from wrong ones while making training data, None at inference.
        cost: what was spent so far.
    """

    engine: Engine
    interpreter: RunsCode
    temperature: float
    seed: int
    judge: Judge | None = None
    cost: Cost = field(default_factory=Cost)
    _early: "dict[int, asyncio.Task[State]]" = field(default_factory=dict)  # by the state whose code it runs

    async def expand(self, node: Node, n: int, *, distinct: bool = True, lazy: bool = False) -> list[Node]:
        """Ask the policy for n steps from `node`, take them, and return the new children.

        V(node) comes from the same pass and is kept on the node. A step that cannot be read, or whose code fails, costs
        itself alone. With `distinct`, proposals of the same code, or else of the same text, are one child, which knows
        how many they were; so there may be fewer than n new ones, and where `node` was expanded before, none. With
        `lazy`, a child's code runs when the child is expanded or evaluated, and never where that does not happen; but
        code that may take long is begun at once, so that the search goes on elsewhere while it runs.
        """
        await self._run_owed(node)
        if node.terminal:  # its code's output has ended the episode
            node.expanded = node.exhausted = True
            return []
        before, asked = len(node.children), node.proposals
        place = (node.tag, asked) if asked else (node.tag,)  # asked again, a node has more to say
        expansion = await self.engine.expand(
            node.state, n, temperature=self.temperature, seed=derive_seed(self.seed, *place)
        )
        self.cost.add(expansion.cost)
        node.expanded = True
        if node.value is None:
            node.value = expansion.value if expansion.proposals else FAILURE
        equal = [[each] for each in expansion.proposals]
        if distinct:
            equal = _new(node, _equal(expansion.proposals, node.state))
        states = await self.gather(self._take(node.state, first, lazy) for first, *_ in equal)
        for state, proposals in zip(states, equal, strict=True):
            child = node.add_child(state, proposals[0].logprob, proposals[0].prior, len(proposals))
            if child.terminal and not child.answered:
                child.value = FAILURE
        if self.judge is not None and (answered := [child for child in node.children[before:] if child.answered]):
            await self.gather(self._judge(child, self.judge) for child in answered)
        node.update_exhausted()
        return node.children[before:]

    async def evaluate(self, nodes: Sequence[Node]) -> None:
        """Give every node that has no value yet V(s) by the value head."""
        await self.gather(self._run_owed(node) for node in nodes if node.value is None)
        unknown = [node for node in nodes if node.value is None]
        valuations = await self.gather(self.engine.value(node.state) for node in unknown)
        for node, valuation in zip(unknown, valuations, strict=True):
            node.value = valuation.value
            self.cost.add(valuation.cost)

    async def gather(self, parts: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
        """Run parts of this search side by side, on its account, and return what they return, in order."""
        return await asyncio.gather(*(self.metered(part) for part in parts))

    def metered(self, part: Coroutine[Any, Any, T]) -> Metered[T]:
        """Return a part of this search that puts its processor time on the search's account."""
        return metered(part, self.cost)

    async def _take(self, state: State, proposal: Proposal, lazy: bool) -> State:
        if lazy and (later := put_off(state, proposal.action, proposal.token_ids)):
            if _MAY_TAKE_LONG.search(later.steps[-1].step.code or ""):
                running = self.metered(self._run(state, proposal.action, proposal.token_ids))
                self._early[id(later)] = asyncio.create_task(running)
            return later
        return await self._run(state, proposal.action, proposal.token_ids)

    def close(self) -> None:
        """Give up what code is still running: the search is over."""
        for task in self._early.values():
            task.cancel()
            if task.done() and not task.cancelled():
                task.exception()  # where nobody went on from there, nobody has met it

    async def _run_owed(self, node: Node) -> None:
        """Run the code of the step that led to `node` where it was put off."""
        if node.parent is not None and node.state.owes_code:
            taken = node.state.steps[-1]
            begun = self._early.pop(id(node.state), None)
            node.state = await (begun or self._run(node.parent.state, taken.action, taken.token_ids))
            if node.terminal:
                node.value = FAILURE

    async def _run(self, state: State, action: str, token_ids: tuple[int, ...]) -> State:
        return await transition_async(state, action, MeteredInterpreter(self.interpreter, self.cost), token_ids)

    async def _judge(self, child: Node, judge: Judge) -> None:
        """Reward an answer; one that cannot be decided gets none."""
        start = perf_counter()
        right = await judge(child.state.answer or "")
        child.reward = None if right is None else 1.0 if right else -1.0
        self.cost.grading_seconds += perf_counter() - start


class Algorithm(Protocol):
    """A search algorithm, with its hyper-parameters bound."""

    async def __call__(self, search: Search, root: Node) -> Node | None:
        """Grow the tree from `root`; return the chosen answered leaf, or None where no answer was reached."""


def _equal(proposals: Sequence[Proposal], state: State) -> list[list[Proposal]]:
    """Group the proposals that run the same code, or that are the same text where they run none.

    A small model words one computation in many ways. As nodes of their own they would fill the tree with copies of it,
    and a search whose values say little yet would never come to the end of a long solution.
    """
    groups: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        groups.setdefault(_key(proposal.action, state.rules.step_format), []).append(proposal)
    return list(groups.values())


def _new(node: Node, groups: list[list[Proposal]]) -> list[list[Proposal]]:
    """Count the groups that are children already for them; return the others."""
    last = [child.state.steps[-1] for child in node.children]
    known = {taken.step.code or taken.action: child for taken, child in zip(last, node.children, strict=True)}
    new = []
    for group in groups:
        child = known.get(_key(group[0].action, node.state.rules.step_format))
        if child is None:
            new.append(group)
        else:
            child.copies += len(group)
    return new


def _key(action: str, step_format: StepFormat) -> str:
    """Return what makes a step the same as another: its code, or else its text as it stands in a state."""
    step = parse_step(action, step_format)
    return step.code or canonical_action(action, step, step_format)
