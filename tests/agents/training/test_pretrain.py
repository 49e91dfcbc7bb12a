"""The corpus and the pretraining of the small model."""

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import torch

from agents.model import load_model
from agents.model.encoding import StateEncoder
from agents.training import pretrain
from agents.training.corpus import Population, documents, draw_work, encode_work, shares
from agents.training.pretrain import PretrainConfig, schedule
from agents.training.pretrain_batches import WINDOW, Corpus, collate
from agents.training.replicas import Replica
from agents.training.run_files import only_process
from amz_env import State, transition
from amz_env.interpreter import shared_interpreter
from amz_env.problems.base import split_of
from tests.tiny import tiny_tokenizer

POPULATION = Population()


def small(out: Path, **options: object) -> PretrainConfig:
    defaults = {
        "copy_steps": 2,
        "clean_steps": 2,
        "mixed_steps": 2,
        "batch": 2,
        "hidden_size": 64,
        "layers": 1,
        "workers": 1,
        "compile": False,
    }
    return PretrainConfig(out=out, save_every=1, **(defaults | options))  # type: ignore[arg-type]


def test_documents_are_functions_of_their_number() -> None:
    encoder = StateEncoder(tiny_tokenizer())
    first = list(itertools.islice(documents(encoder, 3, "mixed", 0, POPULATION), 8))
    later = list(itertools.islice(documents(encoder, 3, "mixed", 5, POPULATION), 3))
    assert first[5:] == later
    assert first != list(itertools.islice(documents(encoder, 4, "mixed", 0, POPULATION), 8))


def test_copying_says_the_tokens_of_a_document_twice() -> None:
    encoder = StateEncoder(tiny_tokenizer())
    copied = list(itertools.islice(documents(encoder, 3, "copy", 0, POPULATION), 20))
    works = [encode_work(encoder, draw_work(3, "copy", index, POPULATION)) for index in range(20)]
    orders = set()
    for document, work in zip(copied, works, strict=True):
        half = len(document.token_ids) // 2
        first, second = document.token_ids[:half], document.token_ids[half:]
        assert first == second and len(set(first)) == half
        assert set(first) == set(work.token_ids)
        assert document.written == (False,) * half + (True,) * half
        orders.add(first == tuple(sorted(first)))
    assert orders == {False}
    assert copied[5:] == list(itertools.islice(documents(encoder, 3, "copy", 5, POPULATION), 15))


def test_questions_come_from_the_training_split_alone() -> None:
    questions = [
        draw_work(0, phase, i, POPULATION).question for phase in ("copy", "clean", "mixed") for i in range(200)
    ]
    assert {split_of(question) for question in questions} == {"train"}


def test_sets_are_worked_as_often_as_they_are_named() -> None:
    population = Population(sets=("mini-guess", "mini-gsm", "mini-guess"))
    drafts = [draw_work(0, "clean", index, population) for index in range(300)]
    tried = sum("Try" in step.text or "Let" in step.text for draft in drafts for step in draft.steps[:1])
    assert 0.4 < tried / len(drafts) < 0.8  # most first steps of mini-guess begin so, and none of mini-gsm
    for sets in ((), ("mini-gsm", "mini-gaokao")):
        with pytest.raises(ValueError, match="sets to pretrain on must be among mini-gsm, mini-math, mini-guess"):
            Population(sets=sets)


def test_misconceptions_are_spread_evenly_or_a_few_are_common() -> None:
    even = shares("mini-math", Population(prevalence=(0.2, 1.0), common=None))
    assert all(0.2 <= share <= 1 for share in even.values()) and len(set(even.values())) == len(even)
    few = shares("mini-math", Population(prevalence=(0.15, 0.75), common=0.3))
    assert set(few.values()) == {0.15, 0.75}
    assert [few[name] for name in even] == [0.75 if share >= 0.2 + 0.8 * 0.7 else 0.15 for share in even.values()]


def test_clean_work_is_right_and_mixed_work_about_half_wrong() -> None:
    def wrong(phase: str) -> float:
        drafts = [draw_work(0, phase, i, POPULATION) for i in range(600)]  # type: ignore[arg-type]
        return sum(draft.steps[-1].answer != draft.answer for draft in drafts) / len(drafts)

    assert wrong("clean") == 0
    assert 0.3 < wrong("mixed") < 0.7


def test_a_document_is_what_the_environment_renders() -> None:
    encoder = StateEncoder(tiny_tokenizer())
    for index in range(20):
        draft = draw_work(1, "mixed", index, POPULATION)
        state = State(draft.question)
        for step in draft.steps:
            state = transition(state, step.action, shared_interpreter())
        document = encode_work(encoder, draft)
        assert encoder.decode(document.token_ids) == state.text
        written = [token for token, mine in zip(document.token_ids, document.written, strict=True) if mine]
        assert encoder.decode(written) == "".join(step.action for step in draft.steps)


def test_the_loss_is_on_written_tokens_alone() -> None:
    encoder = StateEncoder(tiny_tokenizer())
    group = [encode_work(encoder, draw_work(0, "clean", index, POPULATION)) for index in range(3)]
    batch = collate(group)
    wanted = batch.targets[batch.targets != -100].tolist()
    expected = [
        token
        for document in group
        for token, mine in zip(document.token_ids[1:], document.written[1:], strict=True)
        if mine
    ]
    assert wanted == expected
    flat = batch.input_ids.flatten()
    for place, target in list(zip(batch.wanted.tolist(), batch.targets.tolist(), strict=True))[:50]:
        row, column = divmod(place, batch.input_ids.shape[1])
        assert int(flat[place]) == group[row].token_ids[column]
        assert target == group[row].token_ids[column + 1]


@pytest.mark.parametrize(("capability", "dtype"), [("AVX512", torch.bfloat16), ("AVX2", torch.float32)])
def test_bfloat16_is_used_where_the_processor_is_fast_at_it(
    capability: str, dtype: torch.dtype, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)
    model = pretrain.build_model(small(tmp_path))
    encoder, seen = StateEncoder(model.tokenizer), set()
    model.lm.get_output_embeddings().register_forward_hook(lambda head, given, logits: seen.add(logits.dtype))
    batch = collate([encode_work(encoder, draw_work(0, "clean", 0, POPULATION))])
    pretrain._loss_function(model, compiled=False)(batch).backward()
    assert seen == {dtype}


def test_the_learning_rate_rises_stays_and_falls_to_zero() -> None:
    factors = [schedule(step, 1000) for step in range(1000)]
    assert factors[0] == pytest.approx(0.01)
    assert factors[100:600] == [1.0] * 500
    assert factors[-1] == pytest.approx(1 / 400)
    assert all(0 < factor <= 1 for factor in factors)


def test_a_run_makes_a_model_with_a_value_head_at_zero(tmp_path: Path) -> None:
    path = pretrain.run(small(tmp_path))
    model = load_model(path)
    assert model.value_head.weight.abs().max() == 0
    assert len(model.lm.get_decoder().layers) == 3
    assert len(load_model(tmp_path / "checkpoint-clean").lm.get_decoder().layers) == 1  # the others join late
    facts = json.loads((path / "training.json").read_text())
    assert facts["updates"] == 6


@pytest.mark.parametrize("update", [2, 3, 4, 6])
def test_stopped_and_resumed_equals_undisturbed(update: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    undisturbed = load_model(pretrain.run(small(tmp_path / "a")))
    make, calls = pretrain._update, itertools.count(1)

    def stop(*arguments: Any) -> float:
        if next(calls) == update:
            raise KeyboardInterrupt
        return make(*arguments)

    monkeypatch.setattr(pretrain, "_update", stop)
    with pytest.raises(KeyboardInterrupt):
        pretrain.run(small(tmp_path / "b"))
    monkeypatch.undo()
    resumed = load_model(pretrain.run(small(tmp_path / "b")))
    for (name, one), other in zip(undisturbed.lm.named_parameters(), resumed.lm.parameters(), strict=True):
        torch.testing.assert_close(one, other, msg=name)


def test_two_processes_may_not_pretrain_in_one_directory(tmp_path: Path) -> None:
    with only_process(tmp_path), pytest.raises(ValueError, match="another process"):
        pretrain.run(small(tmp_path))


def test_a_log_tells_each_update_once_with_the_mean_of_what_was_seen(tmp_path: Path) -> None:
    lines = [{"step": step, "phase": "clean", "loss": 9.0, "tokens_per_second": 1} for step in (20, 40)]
    (tmp_path / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    batch = collate([encode_work(StateEncoder(tiny_tokenizer()), draw_work(0, "clean", 0, POPULATION))])
    with pretrain._reporting(tmp_path, 30, 60, Replica()) as log:  # the last checkpoint was of update 30
        for step in range(31, 61):
            log(step, "clean", 2.0, batch)
    told = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [(line["step"], line["loss"]) for line in told] == [(20, 9.0), (40, 2.0), (60, 2.0)]


def test_two_replicas_make_the_updates_of_one(tmp_path: Path) -> None:
    alone = load_model(pretrain.run(small(tmp_path / "alone", batch=4, late_layers=0)))
    shared = load_model(pretrain.run(small(tmp_path / "shared", batch=4, late_layers=0, workers=2)))
    start = pretrain.build_model(small(tmp_path, batch=4))
    for name, one in alone.lm.named_parameters():
        moved = (one - start.lm.get_parameter(name)).norm()
        assert (one - shared.lm.get_parameter(name)).norm() < 0.3 * moved, name


def test_a_run_goes_on_with_its_own_options_alone(tmp_path: Path) -> None:
    pretrain.run(small(tmp_path))
    pretrain.run(small(tmp_path, threads=2))
    with pytest.raises(ValueError, match="other options"):
        pretrain.run(small(tmp_path, lr=0.5))


@pytest.mark.parametrize("loaders", [1, 2, 3])
def test_batches_are_the_same_whoever_makes_them_and_wherever_they_begin(loaders: int) -> None:
    corpus = Corpus(tiny_tokenizer(), 0, "mixed", POPULATION, batch=2)
    groups = [group for number in range(4) for group in corpus.window(number)]
    start = WINDOW + 3
    found = itertools.islice(corpus.batches(start, Replica(), loaders=loaders), 2 * WINDOW)
    for group, batch in zip(groups[start : start + 2 * WINDOW], found, strict=True):
        torch.testing.assert_close(batch.input_ids, collate(group).input_ids)


def test_a_batch_that_cannot_be_shared_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple of workers"):
        PretrainConfig(batch=3, workers=2)


def test_a_gpu_is_for_one_worker() -> None:
    with pytest.raises(ValueError, match="--workers 1"):
        PretrainConfig(device="cuda", workers=2)


@pytest.mark.parametrize(("option", "value"), [("batch", 0), ("clean_steps", -1), ("layers", 0), ("late_layers", -1)])
def test_options_out_of_range_are_refused(option: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"{option} must be at least"):
        PretrainConfig(**{option: value})  # type: ignore[arg-type]
