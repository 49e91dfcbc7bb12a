"""stable-baselines3 policies as agents: which of K proposed steps to take, learned by reinforcement.

A language model proposes (`EngineProposer`), `amz_env.wrappers.ChooseStep` turns the choice into numbers, and PPO, DQN
or MaskablePPO learns it from the rewards alone. The trained policy is an `Agent` like any search:

    agent = train(engine, problems, algorithm="maskable-ppo", steps=20_000)
    agent.save(path);  agent = load(path, engine)
    agent.solve(problems)

What a policy sees of a candidate is V of the state after it, its mean log-probability, its length and its kind.
"""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

import numpy as np

from agents.base import Cost, OnSolution, Solution, questions_of
from agents.inference.base import Engine, Proposal, derive_seed
from agents.reporting.files import write_json
from amz_env.dynamics import Rules, RunsCode, State, transition, transition_async
from amz_env.env import MathReasoningEnv
from amz_env.interpreter import shared_interpreter
from amz_env.problems.base import Problem
from amz_env.reading import read_state
from amz_env.wrappers import Candidate, ChooseStep, Features, Propose

Algorithm = Literal["ppo", "dqn", "maskable-ppo"]
ALGORITHMS: tuple[Algorithm, ...] = ("ppo", "dqn", "maskable-ppo")
_FAILURE = -1.0  # value of a state that ended without an answer
_POLICY_FILE, _SETTINGS_FILE = "policy.zip", "agent.json"


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was proposed in a state, and what it cost."""

    candidates: tuple[Candidate, ...]
    cost: Cost


class EngineProposer:
    """Proposes steps with an engine, each with V of the state that it leads to.

    Callable from any thread: requests run on an event loop of its own, so those of many threads are batched.

    Args:
        engine: the policy and value model.
        temperature: of sampling.
        interpreter: runs the code of proposed steps; the process's own unless given.
    """

    def __init__(self, engine: Engine, temperature: float = 1.0, interpreter: RunsCode | None = None) -> None:
        self.engine = engine
        self.temperature = temperature
        self.interpreter = interpreter if interpreter is not None else shared_interpreter()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="proposer", daemon=True).start()

    def __call__(self, state: State, k: int, seed: int) -> Sequence[Candidate]:
        """Return up to k different candidates; see `amz_env.wrappers.Propose`."""
        return self.ask(state, k, seed).candidates

    def ask(self, state: State, k: int, seed: int) -> Proposed:
        """Return up to k different candidates and what they cost."""
        return asyncio.run_coroutine_threadsafe(self._propose(state, k, seed), self._loop).result()

    def close(self) -> None:
        """Stop the event loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _propose(self, state: State, k: int, seed: int) -> Proposed:
        expansion = await self.engine.expand(state, k, temperature=self.temperature, seed=seed)
        cost = Cost()
        cost.add(expansion.cost)
        different = {proposal.action: proposal for proposal in expansion.proposals}.values()
        candidates = await asyncio.gather(*(self._candidate(state, proposal, cost) for proposal in different))
        return Proposed(tuple(candidates), cost)

    async def _candidate(self, state: State, proposal: Proposal, cost: Cost) -> Candidate:
        after = await transition_async(state, proposal.action, self.interpreter, proposal.token_ids)
        value = _FAILURE
        if after.end in (None, "answer"):
            valuation = await self.engine.value(after)
            cost.add(valuation.cost)
            value = valuation.value
        length = len(proposal.token_ids)
        return Candidate(proposal.action, value, proposal.logprob / max(length, 1), length, proposal.token_ids)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a trained policy depends on besides its weights.

    Attributes:
        algorithm: one of `ALGORITHMS`.
        k: number of slots.
        temperature: of proposing.
        rules: limits and format of the episodes.
    """

    algorithm: Algorithm = "maskable-ppo"
    k: int = 5
    temperature: float = 1.0
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        if self.algorithm not in ALGORITHMS:
            raise ValueError(f"unknown algorithm {self.algorithm!r} (known: {', '.join(ALGORITHMS)})")


class ChoosingAgent:
    """A trained policy as an `Agent`.

    Attributes:
        name: what tables and pictures call it.
        policy: the stable-baselines3 algorithm with its policy.
        proposer: proposes the steps.
        settings: what the policy was trained with.
        threads: problems solved at the same time.
    """

    def __init__(self, policy: Any, proposer: EngineProposer, settings: Settings, *, threads: int = 16) -> None:
        self.name = settings.algorithm
        self.policy = policy
        self.proposer = proposer
        self.settings = settings
        self.threads = threads
        self._turn = threading.Lock()

    def act(self, observation: str) -> str:
        """Return the next step for a rendered state; `solve` with seed 0 takes the same.

        Raises:
            ValueError: the observation is not a rendered state.
        """
        return self._choose(read_state(observation, self.settings.rules), derive_seed(0, 0), Cost()).action

    def solve(
        self, problems: Sequence[Problem | str], *, seed: int = 0, on_solution: OnSolution | None = None
    ) -> list[Solution]:
        """Solve many problems, several at a time; see `Agent.solve`."""
        questions = questions_of(problems)
        seen: Counter[str] = Counter()
        seeds = []
        for question in questions:
            seeds.append(derive_seed(seed, seen[question]))
            seen[question] += 1

        def one(index: int) -> Solution:
            solution = self._solve(questions[index], seeds[index])
            if on_solution is not None:
                with lock:
                    on_solution(index, solution)
            return solution

        lock = threading.Lock()
        with ThreadPoolExecutor(self.threads, thread_name_prefix="chooser") as pool:
            return list(pool.map(one, range(len(questions))))

    def save(self, path: Path) -> None:
        """Write the policy to a directory; the language model is not part of it."""
        path.mkdir(parents=True, exist_ok=True)
        self.policy.save(path / _POLICY_FILE)
        write_json(path / _SETTINGS_FILE, asdict(self.settings))

    def _solve(self, question: str, seed: int) -> Solution:
        start, cost, value = perf_counter(), Cost(), 0.0
        state = State(question, self.settings.rules)
        while state.end is None:
            chosen = self._choose(state, seed, cost)
            state = transition(state, chosen.action, self.proposer.interpreter, chosen.token_ids)
            value = chosen.value
        cost.seconds = perf_counter() - start
        return Solution(question, state.answer, state, value if state.answer is not None else _FAILURE, cost)

    def _choose(self, state: State, seed: int, cost: Cost) -> Candidate:
        """Return the policy's choice in a state; it depends on the state's text and the seed alone."""

        def propose(state: State, k: int, seed: int) -> Sequence[Candidate]:
            proposed = self.proposer.ask(state, k, seed)
            cost.add(proposed.cost)
            return proposed.candidates

        view = _View(state, propose, self.settings, derive_seed(seed, state.text))
        masks = {"action_masks": view.action_masks()} if self.settings.algorithm == "maskable-ppo" else {}
        with self._turn:  # MaskablePPO keeps the masks in its policy: two threads would mix them up
            slot, _ = self.policy.predict(view.observation, deterministic=True, **masks)
        return view.candidate(int(slot))


class _View(ChooseStep):
    """What a policy sees of one state, without an episode and without a reference."""

    def __init__(self, state: State, propose: Propose, settings: Settings, seed: int) -> None:
        unanswered = Problem("view", state.question, "", "view")
        rules = asdict(settings.rules)
        super().__init__(MathReasoningEnv([unanswered], **rules), propose, settings.k)
        self._base.reset(options={"index": 0})
        self._base.set_state(state)
        self._np_random = np.random.default_rng(seed)
        self.observation: Features = self._observe()

    def candidate(self, slot: int) -> Candidate:
        """Return the candidate that `step(slot)` would take."""
        present = self.candidates
        return self._slots[slot] or present[slot % len(present)]


def train(
    engine: Engine,
    problems: Sequence[Problem],
    *,
    settings: Settings | None = None,
    steps: int = 20_000,
    seed: int = 0,
    options: dict[str, Any] | None = None,
) -> ChoosingAgent:
    """Train a policy that chooses among an engine's proposals.

    Args:
        engine: proposes; it is not trained.
        problems: what to practise on; the reward is +1 for a right answer, -1 otherwise.
        settings: algorithm, number of slots, temperature and rules.
        steps: steps of the environment.
        seed: seed of everything.
        options: of the algorithm's constructor, in place of its defaults.

    Raises:
        ValueError: no steps to train.
        ImportError: MaskablePPO without the extra `[sb3]`.
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    settings = settings or Settings()
    proposer = EngineProposer(engine, settings.temperature)
    environment = ChooseStep(MathReasoningEnv(list(problems), **asdict(settings.rules)), proposer, settings.k)
    defaults: dict[str, Any] = {"seed": seed, "device": "cpu", "gamma": 1.0, "verbose": 0}
    policy = _algorithm(settings.algorithm)("MlpPolicy", environment, **defaults | (options or {}))
    policy.learn(total_timesteps=steps)
    return ChoosingAgent(policy, proposer, settings)


def load(path: Path, engine: Engine) -> ChoosingAgent:
    """Load what `ChoosingAgent.save` wrote.

    Args:
        path: the directory.
        engine: proposes; the one that the policy was trained with, or another.

    Raises:
        ValueError: no such agent.
    """
    if not (path / _SETTINGS_FILE).exists():
        raise ValueError(f"{path} holds no agent (no {_SETTINGS_FILE} in it)")
    saved = json.loads((path / _SETTINGS_FILE).read_text())
    settings = Settings(**saved | {"rules": Rules(**saved["rules"])})
    policy = _algorithm(settings.algorithm).load(path / _POLICY_FILE, device="cpu")
    return ChoosingAgent(policy, EngineProposer(engine, settings.temperature), settings)


def _algorithm(name: Algorithm) -> Any:
    if name == "maskable-ppo":
        try:
            from sb3_contrib import MaskablePPO
        except ImportError:
            raise ImportError("MaskablePPO needs the extra [sb3]: pip install 'alphamath-zero[sb3]'") from None
        return MaskablePPO
    import stable_baselines3

    return {"ppo": stable_baselines3.PPO, "dqn": stable_baselines3.DQN}[name]
