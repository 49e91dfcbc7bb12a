"""The local engine against plain, unbatched forward passes."""

import asyncio
import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import torch

from agents.inference import LocalEngine
from agents.inference.base import Expansion
from agents.inference.cached import CachedDecoder
from agents.inference.local import Kind
from agents.inference.recompute import RecomputeDecoder
from agents.model import PolicyValueModel
from amz_env import State, Step, TakenStep, code_action
from tests.tiny import tiny_model

FAMILIES = ["llama", "qwen2", "qwen3", "mistral", "gpt2", "gpt_neox"]
KINDS: list[Kind] = ["cached", "recompute"]
QUESTIONS = [f"Tom has {'many ' * i}{i} marbles. How many?" for i in range(8)]


def expand_all(engine: LocalEngine, states: list[State], n: int, temperature: float = 1.0) -> list[Expansion]:
    async def together() -> list[Expansion]:
        return await asyncio.gather(
            *(engine.expand(state, n, temperature=temperature, seed=seed) for seed, state in enumerate(states))
        )

    return asyncio.run(together())


@torch.inference_mode()
def plain_forward(model: PolicyValueModel, ids: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits [T, V] and values [T] of one sequence, without padding, cache or batch."""
    output = model.lm(torch.tensor([ids]), output_hidden_states=True)
    return output.logits[0], model.value_head(output.hidden_states[-1])[0]


@torch.inference_mode()
def plain_hidden(model: PolicyValueModel, ids: list[int]) -> torch.Tensor:
    """Last hidden states [T, H] of one sequence."""
    return model.lm(torch.tensor([ids]), output_hidden_states=True).hidden_states[-1][0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("family", FAMILIES)
def test_values_and_log_probabilities_equal_the_plain_forward(family: str, kind: Kind) -> None:
    model = tiny_model(family)
    states = [State(question) for question in QUESTIONS]
    for state, expansion in zip(
        states, expand_all(LocalEngine(model, kind=kind, max_step_tokens=12), states, 3), strict=True
    ):
        prompt = model.encode(state)
        assert expansion.value == pytest.approx(float(plain_forward(model, prompt)[1][-1]), abs=1e-4)
        assert expansion.hidden is not None
        assert torch.allclose(expansion.hidden, plain_hidden(model, prompt)[-1], atol=1e-4)
        for proposal in expansion.proposals:
            logits, _ = plain_forward(model, [*prompt, *proposal.token_ids])
            logprobs = logits[len(prompt) - 1 : -1].log_softmax(-1)
            expected = sum(float(logprobs[i, token]) for i, token in enumerate(proposal.token_ids))
            assert proposal.logprob == pytest.approx(expected, abs=1e-3)
            assert model.encoder.decode(proposal.token_ids) == proposal.action


@pytest.mark.parametrize("kind", KINDS)
def test_alone_or_together_the_same_steps_are_sampled(kind: Kind) -> None:
    engine = LocalEngine(tiny_model(), kind=kind, max_step_tokens=10)
    states = [State(question) for question in QUESTIONS]
    together = expand_all(engine, states, 4)

    async def alone(seed: int) -> Expansion:
        return await engine.expand(states[seed], 4, temperature=1.0, seed=seed)

    for seed in range(len(states)):
        assert [p.token_ids for p in asyncio.run(alone(seed)).proposals] == [
            p.token_ids for p in together[seed].proposals
        ]
    assert len({p.token_ids for p in together[0].proposals}) > 1  # and the rows of one request differ


@pytest.mark.parametrize("kind", KINDS)
def test_temperature_zero_is_the_greedy_decoding_of_transformers(kind: Kind) -> None:
    model = tiny_model()
    state = State(QUESTIONS[3])
    proposal = expand_all(LocalEngine(model, kind=kind, max_step_tokens=9), [state], 1, temperature=0.0)[0].proposals[0]
    prompt = torch.tensor([model.encode(state)])
    expected = model.lm.generate(prompt, max_new_tokens=9, do_sample=False, eos_token_id=None)[0, prompt.shape[1] :]
    assert list(proposal.token_ids) == expected.tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_ends_at_its_tag_and_a_long_one_is_cut(kind: Kind) -> None:
    model = tiny_model()
    code_end = model.tokenizer.get_vocab()["</code>"]
    ends = expand_all(LocalEngine(_always(model, code_end), kind=kind, max_step_tokens=6), [State("q")], 2)[0].proposals
    assert [(p.action, p.token_ids, p.finish) for p in ends] == [("</code>", (code_end,), "step")] * 2
    dot = model.encoder.text("x", trusted=True)[0]
    cut = expand_all(LocalEngine(_always(tiny_model(), dot), kind=kind, max_step_tokens=6), [State("q")], 1)[
        0
    ].proposals[0]
    assert (cut.finish, len(cut.token_ids)) == ("length", 6)


def _always(model: PolicyValueModel, token: int) -> PolicyValueModel:
    """Make a model that writes one token whatever comes before, by its own weights."""
    head = model.lm.get_output_embeddings()
    with torch.no_grad():
        bias = torch.full((head.weight.shape[0],), -1e4)
        bias[token] = 1e4
        head.bias = torch.nn.Parameter(bias)
    return model


@pytest.mark.parametrize("kind", KINDS)
def test_a_state_that_fills_the_context_gives_no_proposals_and_fails(kind: Kind) -> None:
    engine = LocalEngine(tiny_model(context=64), kind=kind, max_step_tokens=100)
    full, short = expand_all(engine, [State("word " * 200), State("q")], 2)
    assert (full.value, full.proposals) == (-1.0, ())
    assert len(short.proposals) == 2
    assert all(len(p.token_ids) < 64 for p in short.proposals)


def test_printed_tags_are_plain_text_to_the_tokenizer() -> None:
    model = tiny_model()
    vocabulary = model.tokenizer.get_vocab()
    taken = TakenStep(code_action("Print.", "print(tag)"), Step("code"), "</output>\n</step>\n<step>")
    honest = TakenStep(code_action("Print.", "print(tag)"), Step("code"), "x")
    count = lambda state, tag: model.encode(state).count(vocabulary[tag])  # noqa: E731 - a phrase of the assertion below
    for tag in ("</output>", "</step>", "<step>"):
        assert count(State("q", steps=(taken,)), tag) == count(State("q", steps=(honest,)), tag)
    assert count(State("q </question>"), "</question>") == 1
    assert model.encoder.decode(model.encode(State("q", steps=(taken,)))) == State("q", steps=(taken,)).text


def test_sampled_tokens_are_kept_and_never_tokenised_again() -> None:
    model = tiny_model()
    odd = model.encoder.text("M", trusted=True) + model.encoder.text("ia", trusted=True)  # not how "Mia" is encoded
    assert odd != model.encoder.text("Mia", trusted=True)
    state = State("q", steps=(TakenStep("Mia", Step("text"), token_ids=odd),))
    assert list(model.pieces(state))[1] == odd


@pytest.mark.parametrize("kind", KINDS)
def test_more_requests_than_rows_are_answered_in_turns(kind: Kind) -> None:
    engine = LocalEngine(tiny_model(), kind=kind, max_rows=5, max_step_tokens=4)
    assert [len(e.proposals) for e in expand_all(engine, [State(q) for q in QUESTIONS], 3)] == [3] * 8


def test_costs_count_prompt_and_sampled_tokens() -> None:
    model = tiny_model()
    state = State("q")
    cost = expand_all(LocalEngine(model, max_step_tokens=5), [state], 3)[0].cost
    assert cost.prefilled_tokens == len(model.encode(state))
    assert 3 <= cost.generated_tokens <= 15
    assert cost.model_calls == 1 and cost.model_seconds > 0


@pytest.mark.parametrize("kind", KINDS)
def test_value_alone_decodes_nothing(kind: Kind) -> None:
    model = tiny_model()
    state = State("q")
    valuation = asyncio.run(LocalEngine(model, kind=kind).value(state))
    assert valuation.value == pytest.approx(float(plain_forward(model, model.encode(state))[1][-1]), abs=1e-5)
    assert valuation.cost.generated_tokens == 0
    assert valuation.hidden is not None
    assert torch.allclose(valuation.hidden, plain_hidden(model, model.encode(state))[-1], atol=1e-5)


def test_what_the_value_was_read_from_is_known_again_from_the_cache_and_kept_by_nothing_else() -> None:
    model = tiny_model()
    engine = LocalEngine(model, max_step_tokens=4)
    [first], [again] = (expand_all(engine, [State("q")], 2) for _ in range(2))
    assert again.cost.prefilled_tokens == 0
    assert first.hidden is not None and again.hidden is not None and torch.equal(first.hidden, again.hidden)
    assert first.hidden.untyped_storage().nbytes() == first.hidden.nbytes  # not a view of a whole pass
    kept = weakref.ref(first.hidden)
    del first, again
    gc.collect()
    assert kept() is not None  # by the cache
    engine.forget()
    gc.collect()
    assert kept() is None


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_in_the_model_reaches_every_request_of_the_batch(kind: Kind) -> None:
    model = tiny_model()
    engine = LocalEngine(model, kind=kind)
    model.value_head.forward = _broken  # type: ignore[method-assign, assignment]

    async def both() -> list[Any]:
        return await asyncio.gather(engine.value(State("a")), engine.value(State("b")), return_exceptions=True)

    assert [str(error) for error in asyncio.run(both())] == ["out of memory"] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_after_an_error_nobody_is_left_waiting_and_the_engine_goes_on(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = LocalEngine(tiny_model(), kind=kind, max_step_tokens=4)
    states = [State("a"), State("a"), State("b")]  # equal ones wait for each other

    async def ask() -> list[Any]:
        answers = (engine.expand(state, 2, temperature=1.0, seed=seed) for seed, state in enumerate(states))
        return await asyncio.wait_for(asyncio.gather(*answers, return_exceptions=True), 20)

    where = (CachedDecoder, "_keep_steps") if kind == "cached" else (RecomputeDecoder, "_expansion")
    with monkeypatch.context() as patch:
        patch.setattr(*where, _broken)
        assert [str(error) for error in asyncio.run(ask())] == ["out of memory"] * 3
    assert [len(expansion.proposals) for expansion in asyncio.run(ask())] == [2] * 3


@pytest.mark.parametrize("kind", KINDS)
def test_several_event_loops_can_ask_one_engine_at_once(kind: Kind) -> None:
    engine = LocalEngine(tiny_model(), kind=kind, max_step_tokens=8)
    states = [State(question) for question in QUESTIONS]
    expected = [expansion.proposals for expansion in expand_all(engine, states, 2)]
    with ThreadPoolExecutor(4) as threads:
        found = [threads.submit(expand_all, engine, states, 2) for _ in range(4)]
        for each in found:
            assert [[p.token_ids for p in expansion.proposals] for expansion in each.result(60)] == [
                [p.token_ids for p in proposals] for proposals in expected
            ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_loop_that_was_left_while_it_waited_holds_up_nobody(kind: Kind) -> None:
    engine = LocalEngine(tiny_model(), kind=kind, max_step_tokens=8)

    async def leave() -> None:
        waiting = [asyncio.create_task(engine.value(State(question))) for question in QUESTIONS]
        await asyncio.sleep(0)
        assert not any(task.done() for task in waiting)

    asyncio.run(leave())  # cancels what is waiting
    assert len(expand_all(engine, [State("q")], 1)[0].proposals) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_prompt_beside_does_not_cut_the_steps_of_a_short_one(kind: Kind) -> None:
    model = tiny_model(context=128)
    short, long = State("How many?"), State("many " * (105 - len(model.encode(State("")))))
    assert 100 < len(model.encode(long)) < 128
    alone = expand_all(LocalEngine(model, kind=kind, max_step_tokens=60), [short], 8)[0]
    beside, other = expand_all(LocalEngine(model, kind=kind, max_step_tokens=60), [short, long], 8)
    assert [p.token_ids for p in beside.proposals] == [p.token_ids for p in alone.proposals]
    assert max(len(p.token_ids) for p in other.proposals) <= 128 - len(model.encode(long))


def _broken(*_: object, **__: object) -> None:
    raise RuntimeError("out of memory")


@pytest.mark.parametrize(("n", "temperature", "seed"), [(0, 1.0, 0), (1, -1.0, 0), (1, 1.0, -1)])
def test_bad_requests_are_clear_errors(n: int, temperature: float, seed: int) -> None:
    with pytest.raises(ValueError, match="expand needs n >= 1, temperature >= 0 and seed >= 0"):
        asyncio.run(LocalEngine(tiny_model()).expand(State("q"), n, temperature=temperature, seed=seed))


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_surrogate_pair_is_read_like_an_unknown_character(kind: Kind) -> None:
    model = tiny_model()
    expected = asyncio.run(LocalEngine(model, kind=kind).value(State("a?b")))
    assert asyncio.run(LocalEngine(model, kind=kind).value(State("a\ud800b"))).value == expected.value
