"""A trained policy as an agent: at each step it chooses among what the language model proposes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from agents.base import Cost, OnSolution, Solution, questions_of, solve_side_by_side
from agents.inference.base import Engine, derive_seed
from agents.sb3.algorithms import load_policy
from agents.sb3.proposer import EngineProposer
from agents.sb3.settings import Settings
from agents.search.meter import metered
from agents.search.search import FAILURE
from amz_env.background import run
from amz_env.choices import features, shuffled
from amz_env.dynamics import State, transition_async
from amz_env.problems.base import Problem
from amz_env.reading import read_state


@dataclass(eq=False)
class ChoosingAgent:
    """A trained policy as an `Agent`.

    Attributes:
        name: what tables and pictures call it.
        policy: the stable-baselines3 algorithm with its policy.
        proposer: proposes the steps.
        settings: what the policy was trained with.
        concurrency: problems solved at the same time.
    """

    name: str
    policy: Any
    proposer: EngineProposer
    settings: Settings
    concurrency: int = 64

    def act(self, observation: str) -> str:
        """Return the next step for a rendered state; `solve` with seed 0 takes the same.

        Raises:
            ValueError: the observation is not a rendered state.
        """
        state = read_state(observation, self.settings.rules)
        after, _ = run(self._step(state, _seed(0, 0), Cost(), []))
        return after.steps[-1].action

    def solve(
        self, problems: Sequence[Problem | str], *, seed: int = 0, on_solution: OnSolution | None = None
    ) -> list[Solution]:
        """Solve many problems at once; see `Agent.solve`."""

        async def one(_: int, question: str, occurrence: int) -> Solution:
            return await self._solve(question, _seed(seed, occurrence))

        return run(
            solve_side_by_side(questions_of(problems), one, concurrency=self.concurrency, on_solution=on_solution)
        )

    async def _solve(self, question: str, seed: int) -> Solution:
        start, cost, value = perf_counter(), Cost(), FAILURE
        answers: list[str] = []
        state = State(question, self.settings.rules)
        while state.end is None:
            state, value = await metered(self._step(state, seed, cost, answers), cost)
        cost.seconds = perf_counter() - start
        answered = state.answer is not None
        return Solution(question, state.answer, state, value if answered else FAILURE, cost, tuple(answers))

    async def _step(self, state: State, seed: int, cost: Cost, answers: list[str]) -> tuple[State, float]:
        """Return the state after the chosen step, and the step's value.

        The choice depends on the state's text and the seed alone. Costs and the answers proposed are added up.
        """
        rng = np.random.default_rng(derive_seed(seed, state.text))
        proposed = await self.proposer.propose(state, self.settings.k, int(rng.integers(2**31)))
        cost.add(proposed.cost)
        answers += [each.answer for each in proposed.after.values() if each.answer is not None]
        choice = shuffled(proposed.proposals, self.settings.k, rng)
        masked = self.settings.algorithm == "maskable-ppo"
        masks = {"action_masks": np.array([slot is not None for slot in choice.slots])} if masked else {}
        slot, _ = self.policy.predict(features(state, choice, self.settings.projection), deterministic=True, **masks)
        chosen = choice.taken(int(slot))
        after = proposed.after.get(chosen.action)
        if after is None:  # nothing was proposed
            after = await transition_async(state, chosen.action, self.proposer.interpreter)
        return after, chosen.value


def _seed(seed: int, occurrence: int) -> int:
    return derive_seed(seed, occurrence)


def load(folder: Path, engine: Engine, *, name: str | None = None) -> ChoosingAgent:
    """Load a trained policy.

    Args:
        folder: where `agents.sb3.training.train` or `amz sb3` has kept it.
        engine: proposes; the one that the policy was trained with, or another.
        name: what tables call it, its algorithm by default.

    Raises:
        ValueError: no such policy, or one that sees other numbers than `settings` say.
        ImportError: MaskablePPO without the extra `[sb3]`.
    """
    settings = Settings.load(folder)
    policy = load_policy(folder, settings)
    return ChoosingAgent(
        name or settings.algorithm, policy, EngineProposer(engine, settings.temperature, settings.projection), settings
    )
