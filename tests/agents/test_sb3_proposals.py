"""What a policy sees of the language model's hidden states, and the proposals that it practises on."""

import asyncio
import math

import numpy as np
import pytest
import torch

from agents.inference import LocalEngine
from agents.sb3.pool import Pool
from agents.sb3.projection import projected, signs
from agents.sb3.proposer import EngineProposer
from amz_env.dynamics import Rules, State
from amz_env.problems.base import Problem
from tests.fakes import ScriptedEngine, solver_policy, solver_value
from tests.tiny import tiny_model

PROBLEMS = [Problem(str(a), f"What is {a} plus {a}?", str(2 * a), "test") for a in range(9)]
SIGNS = [[-1, 1, -1, -1, 1], [-1, 1, -1, -1, -1], [1, -1, 1, -1, 1]]


def solver() -> ScriptedEngine:
    return ScriptedEngine(solver_policy(PROBLEMS, right=0.32), solver_value(PROBLEMS))


# --- the projection of hidden states


def test_the_projection_is_the_same_everywhere_and_always() -> None:
    assert signs(3, 5).tolist() == SIGNS
    assert signs(2, 5).tolist() == SIGNS[:2]  # more of them are more of the same
    hidden = torch.tensor([1.0, -2.0, 3.0, 0.0, 0.5], dtype=torch.bfloat16)
    [features, unknown] = projected([hidden, None], 3)
    scaled = hidden.double().numpy() / math.sqrt(14.25)
    assert features == pytest.approx(np.tanh(np.array(SIGNS) @ scaled), abs=1e-6)
    assert unknown == (0, 0, 0) and projected([None], 2) == [(0, 0)] and projected([hidden], 0) == [()]


def test_the_projection_keeps_distances_on_average() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(50, 100)).astype(np.float32)
    low = points @ signs(400, 100).T / 20
    ratio = np.linalg.norm(low[1:] - low[:-1], axis=1) / np.linalg.norm(points[1:] - points[:-1], axis=1)
    assert ratio.mean() == pytest.approx(1, abs=0.02) and ratio.std() < 0.08


def test_candidates_and_states_are_seen_with_the_hidden_states_that_their_values_were_read_from() -> None:
    engine = LocalEngine(tiny_model(), max_step_tokens=6)
    rules = Rules(step_format="plain", max_steps=2)
    state = State("Mia has 14 marbles.", rules)
    proposed = asyncio.run(EngineProposer(engine, projection=5).propose(state, 3, 0))
    for candidate in proposed.proposals.candidates:
        value = asyncio.run(engine.value(proposed.after[candidate.action]))
        assert candidate.value == value.value
        assert candidate.features == pytest.approx(projected([value.hidden], 5)[0], abs=1e-5)
    assert proposed.proposals.features == pytest.approx(
        projected([asyncio.run(engine.value(state)).hidden], 5)[0], abs=1e-5
    )
    assert len({proposed.proposals.features, *(each.features for each in proposed.proposals.candidates)}) == 4
    last = asyncio.run(EngineProposer(engine, projection=5).propose(next(iter(proposed.after.values())), 3, 0))
    assert {each.features for each in last.proposals.candidates} == {(0.0,) * 5}  # failures: nothing was read


# --- the pool


def test_a_state_has_the_same_candidates_each_time_and_they_are_drawn_once() -> None:
    engine = solver()
    pool = Pool(EngineProposer(engine, projection=2), 4, 0)
    states = [State("What is 1 plus 1?"), State("What is 2 plus 2?"), State("What is 1 plus 1?")]
    first = pool.together([(state, seed) for seed, state in enumerate(states)])
    asked = len(engine.calls)
    assert first[0] == first[2] != first[1]
    assert [call.state for call in engine.calls if call.kind == "expand"] == states[:2]
    assert pool.together([(states[1], 9)]) == [first[1]] == [pool(states[1], 4, 7)]
    assert len(engine.calls) == asked and len(pool) == 2
    others = Pool(EngineProposer(solver(), projection=2), 4, 1)
    assert [others(State(f"What is {a} plus {a}?"), 4, 0) for a in range(9)] != [
        pool(State(f"What is {a} plus {a}?"), 4, 0) for a in range(9)
    ]
