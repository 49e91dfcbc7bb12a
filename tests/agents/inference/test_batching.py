"""Continuous batching: what is computed together, what waits, what is kept, and what it costs."""

import asyncio
import gc
import resource
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
import torch

import agents
from agents.inference import LocalEngine
from agents.inference.base import Expansion
from agents.inference.cached import CachedDecoder
from agents.inference.rows import Request
from agents.model import PolicyValueModel
from amz_env import Rules, State, Step, TakenStep
from amz_env.steps import STOPS
from tests.tiny import tiny_model

RULES = Rules(step_format="plain", max_steps=3)


def cached(engine: LocalEngine) -> CachedDecoder:
    assert isinstance(engine._decoder, CachedDecoder)
    return engine._decoder


def endless() -> PolicyValueModel:
    """Return a tiny model that never ends a step by itself."""
    model = tiny_model()
    head = model.lm.get_output_embeddings()
    bias = torch.zeros(head.weight.shape[0])
    bias[[*(model.tokenizer.get_vocab()[stop] for stop in STOPS), model.tokenizer.eos_token_id]] = -1e4
    head.bias = torch.nn.Parameter(bias)
    return model


def ask(question: str, n: int, seed: int = 0) -> Request:
    waiting: Any = Future()  # nobody awaits it here; the decoder asks whether it was cancelled
    return Request(tuple(tiny_model().pieces(State(question, RULES))), n, 1.0, seed, waiting)


def expand_all(engine: LocalEngine, states: list[State], n: int) -> list[Expansion]:
    async def together() -> list[Expansion]:
        return await asyncio.gather(
            *(engine.expand(state, n, temperature=1.0, seed=seed) for seed, state in enumerate(states))
        )

    return asyncio.run(together())


def test_a_long_prompt_is_computed_in_pieces_beside_rows_that_go_on() -> None:
    engine = LocalEngine(tiny_model(context=2048), max_step_tokens=400)
    decoder, stats = cached(engine), engine.stats
    decoder.advance([ask("short", 2)])
    long = ask("marbles " * 1200, 1, seed=1)
    passes, most = 0, 0
    arrived = [long]
    while not stats.prefill_calls > 1 or decoder._entering:
        rows, prefilled = stats.decode_rows, stats.prefilled_tokens
        decoder.advance(arrived)
        arrived = []
        passes += 1
        most = max(most, stats.prefilled_tokens - prefilled)
        assert stats.decode_rows - rows == 2  # both rows got a token in each of these passes
    assert passes >= 3
    assert most <= 512


def test_a_short_prompt_passes_a_long_one() -> None:
    engine = LocalEngine(tiny_model(context=2048), max_step_tokens=400)
    decoder = cached(engine)
    decoder.advance([ask("marbles " * 1200, 1), ask("short", 2, seed=1)])
    assert [job.request.n for job in decoder._running] == [2]
    assert [job.request.n for job in decoder._entering] == [1]


def test_a_request_enters_with_the_next_pass_and_a_finished_row_leaves_at_once() -> None:
    engine = LocalEngine(endless(), max_step_tokens=5)
    decoder = cached(engine)
    decoder.advance([ask("first", 2)])
    decoder.advance([])
    decoder.advance([ask("second", 3, seed=1)])
    assert len(decoder._table) == 5
    done = [request.n for _ in range(2) for request, _ in decoder.advance([])]
    assert done == [2]
    assert len(decoder._table) == 3
    assert engine.stats.passes == 5


def test_more_rows_than_share_a_slot_are_spread_over_several() -> None:
    model = tiny_model()
    states = [State(f"Tom has {i} hats.", RULES) for i in range(3)]
    found = expand_all(LocalEngine(model, max_step_tokens=6), states, 21)
    expected = expand_all(LocalEngine(model, kind="recompute", max_step_tokens=6), states, 21)
    for one, other in zip(found, expected, strict=True):
        assert [p.token_ids for p in one.proposals] == [p.token_ids for p in other.proposals]
    assert len({p.token_ids for p in found[0].proposals}) > 15


def test_the_batch_is_bounded_by_bytes_and_all_are_answered() -> None:
    model = tiny_model()
    states = [State(f"Tom has {'many ' * i}{i} hats.", RULES) for i in range(40)]
    free, bound = LocalEngine(model, max_step_tokens=6), LocalEngine(model, max_step_tokens=6, batch_bytes=700_000)
    expected, found = expand_all(free, states, 3), expand_all(bound, states, 3)
    assert [[p.token_ids for p in e.proposals] for e in found] == [[p.token_ids for p in e.proposals] for e in expected]
    block, wide = cached(bound)._batch.block, cached(free)._batch.block
    assert block.grown_bytes(0, 0) <= 700_000 < wide.grown_bytes(0, 0)


def test_a_request_that_exceeds_the_bytes_alone_is_answered_alone() -> None:
    engine = LocalEngine(tiny_model(), max_step_tokens=6, batch_bytes=1)
    answers = expand_all(engine, [State("a", RULES), State("b", RULES)], 2)
    assert [len(answer.proposals) for answer in answers] == [2, 2]
    assert engine.stats.mean_rows <= 2


def test_many_rows_of_one_prompt_count_with_all_their_slots() -> None:
    model = tiny_model()
    engine = LocalEngine(model, max_step_tokens=6, batch_bytes=700_000)
    answers = expand_all(engine, [State(f"Tom has {i} hats.", RULES) for i in range(12)], 64)
    assert [len(answer.proposals) for answer in answers] == [64] * 12
    assert cached(engine)._batch.block.grown_bytes(0, 0) <= 700_000


def test_one_long_prompt_does_not_narrow_the_batch_for_good() -> None:
    engine = LocalEngine(endless(), max_step_tokens=4, batch_bytes=3_000_000)
    short = [State(f"Tom has {i} hats.", RULES) for i in range(64)]

    def most_rows() -> float:
        before = engine.stats.decode_rows, engine.stats.decode_calls
        engine.forget()
        expand_all(engine, short, 3)
        return (engine.stats.decode_rows - before[0]) / (engine.stats.decode_calls - before[1])

    alone = most_rows()
    expand_all(engine, [State("many " * 400, RULES)], 1)
    most_rows()  # while it drains
    assert most_rows() == pytest.approx(alone, rel=0.1)


def test_equal_states_asked_for_together_are_computed_once() -> None:
    engine = LocalEngine(tiny_model(), max_step_tokens=4)
    state = State("How many?", RULES)
    one, other = expand_all(engine, [state, state], 2)
    assert engine.stats.prefilled_tokens == len(engine.model.encode(state))
    assert one.value == other.value
    assert [p.token_ids for p in one.proposals] != [p.token_ids for p in other.proposals]  # their seeds differ


def test_an_action_that_the_rules_have_cut_shares_what_was_sampled() -> None:
    engine = LocalEngine(tiny_model(), max_step_tokens=12)
    start = State("How many?", RULES)
    sampled = expand_all(engine, [start], 1)[0].proposals[0].token_ids
    taken = TakenStep("cut", Step("text"), token_ids=sampled[:7])
    before = engine.stats.prefilled_tokens
    expand_all(engine, [State("How many?", RULES, steps=(taken,))], 1)
    closing = len(list(engine.model.pieces(State("How many?", RULES, steps=(taken,))))[-1])
    assert engine.stats.prefilled_tokens - before == closing


def test_costs_add_up_to_the_engines_counts() -> None:
    engine = LocalEngine(endless(), max_step_tokens=6)
    states = [State(f"Tom has {'many ' * i}{i} hats.", RULES) for i in range(6)]
    costs = [expansion.cost for expansion in expand_all(engine, states, 3)]
    stats = engine.stats
    assert sum(cost.generated_tokens for cost in costs) == stats.generated_tokens == 6 * 3 * 6
    assert sum(cost.prefilled_tokens for cost in costs) == stats.prefilled_tokens
    assert sum(cost.model_seconds for cost in costs) == pytest.approx(stats.model_seconds, rel=1e-6)
    assert stats.requests == 6
    assert stats.passes <= 6
    assert stats.mean_rows > 12


def test_memory_stays_flat_over_many_problems() -> None:
    engine = LocalEngine(tiny_model(), max_step_tokens=5, cache_bytes=200_000)
    agent = agents.make("mcts", model=engine, rules=RULES, simulations=3, width=2)
    kept, segments, held = [], [], []
    for part in range(4):
        agent.solve([f"Tom has {part} hats and {i} pens. How many?" for i in range(60)])
        kept.append(cached(engine)._batch.block.grown_bytes(0, 0))
        segments.append(len(cached(engine)._prefixes._recent))
        gc.collect()
        held.append(int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize())
        assert cached(engine)._prefixes.bytes <= 200_000
    assert kept[1:] == kept[:1] * 3
    assert max(segments) < 60 * 8  # of thousands; it varies by what happened to be computed last
    assert held[3] - held[1] < 20 * 2**20
