"""A language model as the proposer of `ChooseStep`: sampled steps, each tried out and valued."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.base import Cost
from agents.inference.base import Engine, Proposal
from agents.sb3.projection import projected
from agents.search.meter import MeteredInterpreter, metered
from agents.search.search import FAILURE
from amz_env.background import run_in_background
from amz_env.choices import Candidate, Proposals
from amz_env.dynamics import RunsCode, State, transition_async
from amz_env.interpreter import shared_interpreter

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was proposed in a state.

    Attributes:
        proposals: the different steps, in the order of sampling, and what is seen of the state.
        after: the state that each leads to, by its action.
        cost: what it took.
    """

    proposals: Proposals
    after: dict[str, State]
    cost: Cost


class EngineProposer:
    """Proposes steps with an engine. Each is taken, so that V of the state after it and what its code does are known.

    A `Propose` for one state; `together` asks for many at once, in one batch of the engine.

    Args:
        engine: the policy and value model.
        temperature: of sampling.
        projection: length of the projections of hidden states that candidates and states come with.
        interpreter: runs the code of proposed steps; the process's own unless given.
    """

    def __init__(
        self, engine: Engine, temperature: float = 1.0, projection: int = 0, interpreter: RunsCode | None = None
    ) -> None:
        self.engine = engine
        self.temperature = temperature
        self.projection = projection
        self.interpreter = interpreter if interpreter is not None else shared_interpreter()

    def __call__(self, state: State, k: int, seed: int) -> Proposals:
        """Return up to k different candidates; see `amz_env.choices.Propose`."""
        return self.together([(state, seed)], k)[0].proposals

    def together(self, questions: Sequence[tuple[State, int]], k: int) -> list[Proposed]:
        """Return what is proposed for each (state, seed); may be called where an event loop is running."""

        async def all_of_them() -> list[Proposed]:
            return await asyncio.gather(*(self.propose(state, k, seed) for state, seed in questions))

        return run_in_background(all_of_them())

    async def propose(self, state: State, k: int, seed: int) -> Proposed:
        """Return up to k different steps for a state; they depend on the arguments alone, whatever is asked beside."""
        expansion = await self.engine.expand(state, k, temperature=self.temperature, seed=seed)
        cost = Cost()
        cost.add(expansion.cost)
        different = {proposal.action: proposal for proposal in expansion.proposals}
        interpreter = MeteredInterpreter(self.interpreter, cost)
        tried: list[State] = await asyncio.gather(
            *(
                metered(transition_async(state, each.action, interpreter, each.token_ids), cost)
                for each in different.values()
            )
        )
        after = dict(zip(different, tried, strict=True))
        valued = await asyncio.gather(*(self._value(each, cost) for each in tried))
        of_state, *of_steps = projected([expansion.hidden, *(hidden for _, hidden in valued)], self.projection)
        outcomes = Counter(_outcome(after[proposal.action]) for proposal in expansion.proposals)
        candidates = tuple(
            _candidate(proposal, state, value, outcomes[_outcome(state)] / len(expansion.proposals), features)
            for proposal, state, (value, _), features in zip(different.values(), tried, valued, of_steps, strict=True)
        )
        return Proposed(Proposals(candidates, of_state), after, cost)

    async def _value(self, state: State, cost: Cost) -> "tuple[float, Tensor | None]":
        if state.end not in (None, "answer"):
            return FAILURE, None
        valuation = await self.engine.value(state)
        cost.add(valuation.cost)
        return valuation.value, valuation.hidden


def _candidate(
    proposal: Proposal, after: State, value: float, agreement: float, features: tuple[float, ...]
) -> Candidate:
    length = len(proposal.token_ids)
    mean_logprob = proposal.logprob / max(length, 1)
    failed = after.steps[-1].failed
    return Candidate(proposal.action, value, mean_logprob, length, agreement, failed, proposal.token_ids, features)


def _outcome(after: State) -> tuple[str, str | None]:
    """Return what a step comes to: its answer, what its code has printed, or, of another, its text."""
    taken = after.steps[-1]
    shown = {"answer": taken.step.answer, "code": taken.observation}
    return taken.step.kind, shown.get(taken.step.kind, taken.action)
