import shutil
from collections import Counter
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
import torch
from transformers import TrainerCallback

from agents.model import load_model
from agents.model.policy_value import path_likelihood
from agents.search.tree import Node, Tree
from agents.training.config import TrainingOptions
from agents.training.evaluation import read_paths
from agents.training.loss import IGNORE, joint_loss
from agents.training.machine import can_compile
from agents.training.records import Record, records_of
from agents.training.trainer import Collator, example_of, order_of, progress_callback, train, updates_done
from amz_env.dynamics import State
from amz_env.steps import answer_action, code_action
from tests.agents.training.toys import grow, judge, tiny_model

MODEL = tiny_model()


def eight_paths() -> list[Record]:
    """Four problems, each with a right and a wrong path that part after the first step; its Q is 1/6."""
    records = []
    for a in range(4):
        root = Node(State(f"What is {a} plus 4?" + " Add." * a))
        code = grow(root, code_action("Add.", f"print({a} + 4)"), f"{a + 4}", model=MODEL)
        code.backup(0.5)
        judge(grow(code, answer_action("Done.", f"{a + 4}"), model=MODEL), 1.0)
        judge(grow(code, answer_action("Done.", f"{a * 40}"), model=MODEL), -1.0)
        records += records_of(str(a), [Tree(root)], MODEL.pieces)
    return records


RECORDS = eight_paths()


def value_errors(model: Any) -> list[float]:
    errors = []
    for record in RECORDS:
        ids = torch.tensor([record.token_ids])
        with torch.no_grad():
            positions = torch.arange(ids.shape[1])[None]
            _, values, _ = model(ids, attention_mask=torch.ones_like(ids), position_ids=positions)
        errors += [abs(float(values[0, end]) - target) for end, target in zip(record.ends, record.targets, strict=True)]
    return errors


def same_weights(a: Any, b: Any) -> bool:
    return all(torch.equal(x, y) for x, y in zip(a.state_dict().values(), b.state_dict().values(), strict=True))


class Killed(Exception):
    pass


class KillAfter(TrainerCallback):
    def __init__(self, step: int) -> None:
        self.step = step

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.global_step == self.step:
            raise Killed


def test_overfits_eight_paths(tmp_path: Path) -> None:
    assert len(RECORDS) == 8
    model = tiny_model()
    assert max(value_errors(model)) == 1.0  # a fresh head says 0 everywhere
    options = TrainingOptions(epochs=200, batch=8, micro_batch=8, lr=0.01, beta=3.0)
    log = train(model, RECORDS, options, tmp_path)
    assert fmean(value_errors(model)) < 0.01
    assert log[0]["policy_loss"] > 20 * log[-2]["policy_loss"]


def test_labels_of_right_and_wrong_paths() -> None:
    right, wrong = (next(record for record in RECORDS if record.right is kind) for kind in (True, False))
    example = example_of(right)
    learned = [token for token in example["labels"] if token != IGNORE]
    text = MODEL.encoder.decode([int(token) for token in learned])
    assert text.startswith("<step>\n<p>\nAdd.") and text.endswith("Final Answer: 4\n</p>\n</step>")
    assert "<output>" not in text and "<question>" not in text
    assert set(example_of(wrong)["labels"]) == {IGNORE}
    assert [target for target in example_of(wrong)["targets"] if target != IGNORE] == [pytest.approx(1 / 6), -1.0]


def test_the_papers_variant_learns_the_output_but_never_the_question() -> None:
    right = next(record for record in RECORDS if record.right)
    labels = example_of(right, train_on_output=True)["labels"]
    assert labels == [IGNORE] * right.prompt_length + list(right.token_ids[right.prompt_length :])
    wrong = next(record for record in RECORDS if not record.right)
    assert set(example_of(wrong, train_on_output=True)["labels"]) == {IGNORE}


def test_padding_carries_no_loss() -> None:
    examples = [example_of(record) for record in RECORDS]
    batch = Collator(pad=0)(examples)
    lengths = torch.tensor([len(example["input_ids"]) for example in examples])
    padding = torch.arange(batch["input_ids"].shape[1]) >= lengths[:, None]
    assert padding.any()
    assert (batch["labels"][padding] == IGNORE).all() and (batch["targets"][padding] == IGNORE).all()


def test_gradient_accumulation_gives_the_update_of_the_whole_batch(tmp_path: Path) -> None:
    models = []
    for name, micro_batch in (("whole", 8), ("two", 2)):
        model = tiny_model()
        options = TrainingOptions(epochs=2, batch=8, micro_batch=micro_batch, lr=1e-3, beta=0.5)
        log = train(model, RECORDS, options, tmp_path / name)
        models.append((model, log))
    (whole, log), (cut, cut_log) = models
    for name, weight in whole.state_dict().items():
        assert torch.allclose(weight, cut.state_dict()[name], atol=2e-5), name
    assert cut_log[0]["loss"] == pytest.approx(log[0]["loss"], rel=1e-4)


def test_the_first_logged_loss_is_the_joint_loss_of_the_batch(tmp_path: Path) -> None:
    model = tiny_model()
    batch = Collator(pad=0)([example_of(record) for record in RECORDS])
    lengths = torch.tensor([len(record.token_ids) for record in RECORDS])
    mask = (torch.arange(batch["input_ids"].shape[1]) < lengths[:, None]).long()
    with torch.no_grad():
        positions = (mask.cumsum(1) - 1).clamp(min=0)
        logits, values, _ = model(batch["input_ids"], attention_mask=mask, position_ids=positions)
    expected = joint_loss(logits, values, batch["labels"], batch["targets"], beta=0.7)
    options = TrainingOptions(epochs=1, batch=8, micro_batch=4, beta=0.7)
    [entry] = train(model, RECORDS, options, tmp_path)
    assert entry["loss"] == pytest.approx(expected.total.item(), abs=1e-4)
    assert entry["policy_loss"] == pytest.approx(expected.policy.item(), abs=1e-4)
    assert entry["value_loss"] == pytest.approx(expected.value.item(), abs=1e-4)


@pytest.mark.parametrize("micro_batch", [4, 8])
def test_the_loss_of_a_value_that_reads_the_likelihood(tmp_path: Path, micro_batch: int) -> None:
    model = tiny_model()
    torch.nn.init.normal_(model.value_head.weight, generator=torch.Generator().manual_seed(1))
    torch.nn.init.constant_(model.value_head.likelihood, 0.01)
    values, likelihoods = read_paths(model, RECORDS)
    _, without = read_paths(tiny_model(), RECORDS)
    assert likelihoods == pytest.approx(without)  # of what V reads V changes nothing
    pairs = [
        pair for row, record in zip(values, RECORDS, strict=True) for pair in zip(row, record.targets, strict=True)
    ]
    expected = fmean((value - target) ** 2 for value, target in pairs)
    tokens = sum(end - start for record in RECORDS for start, end in record.sampled if record.right)
    surprise = -sum(log for log, record in zip(likelihoods, RECORDS, strict=True) if record.right) / tokens
    options = TrainingOptions(epochs=1, batch=8, micro_batch=micro_batch, beta=0.7, likelihood=True)
    [entry] = train(model, RECORDS, options, tmp_path)
    assert entry["value_loss"] == pytest.approx(expected, abs=1e-4)
    assert entry["policy_loss"] == pytest.approx(surprise, abs=1e-4)
    assert entry["loss"] == pytest.approx(surprise + 0.7 * expected, abs=1e-4)


def test_the_value_learns_from_the_likelihood_and_the_policy_not_from_the_value(tmp_path: Path) -> None:
    batch = Collator(pad=0)([example_of(record) for record in RECORDS])
    logits, _, _ = MODEL(batch["input_ids"])
    assert logits.requires_grad
    likelihood = path_likelihood(logits, batch["input_ids"], batch["sampled"])
    assert not likelihood.requires_grad
    assert (likelihood[:, 1:] <= likelihood[:, :-1]).all()  # a longer path is less likely
    assert (likelihood[:, : min(record.prompt_length for record in RECORDS)] == 0).all()  # nobody wrote the question
    readers = []
    for reads in (True, False):
        model = tiny_model()
        train(model, RECORDS, TrainingOptions(epochs=20, lr=0.01, likelihood=reads), tmp_path / str(reads))
        readers.append(model.reads_likelihood)
    assert readers == [True, False]
    again = tiny_model()
    torch.nn.init.constant_(again.value_head.likelihood, 0.5)
    train(again, RECORDS, TrainingOptions(epochs=1), tmp_path / "again")
    assert not again.reads_likelihood  # what the loss did not see is not read afterwards


@pytest.mark.parametrize(("capability", "dtype"), [("AVX512", torch.bfloat16), ("AVX2", torch.float32)])
def test_bfloat16_is_used_where_the_processor_is_fast_at_it(
    capability: str, dtype: torch.dtype, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)
    model, seen = tiny_model(), set()
    first = next(module for module in model.lm.modules() if isinstance(module, torch.nn.Linear))
    first.register_forward_hook(lambda module, given, result: seen.add(result.dtype))
    train(model, RECORDS[:4], TrainingOptions(epochs=1, bf16=True), tmp_path)
    assert seen == {dtype}


# Without a compiler `compile` runs the model as it is, and this would compare a run with itself.
@pytest.mark.skipif(not can_compile(), reason="torch.compile calls a C++ compiler, and there is none")
def test_compiled_training_is_the_same_training(tmp_path: Path) -> None:
    models = []
    for compiled in (False, True):
        model = tiny_model()
        options = TrainingOptions(epochs=1, batch=8, micro_batch=4, beta=0.7, compile=compiled)
        train(model, RECORDS, options, tmp_path / str(compiled))
        models.append(model)
    assert models[1].lm.get_decoder()._compiled_call_impl is None  # what comes after is not compiled
    for (name, plain), compiled_ in zip(models[0].named_parameters(), models[1].parameters(), strict=True):
        torch.testing.assert_close(plain, compiled_, rtol=1e-3, atol=1e-5, msg=name)


def test_killed_and_resumed_equals_undisturbed(tmp_path: Path) -> None:
    options = TrainingOptions(epochs=6, batch=4, micro_batch=2, save_steps=4)
    undisturbed, resumed = tiny_model(), tiny_model()
    log = train(undisturbed, RECORDS, options, tmp_path / "a", seed=1)
    with pytest.raises(Killed):
        train(tiny_model(), RECORDS, options, tmp_path / "b", seed=1, callbacks=[KillAfter(6)])
    torn = shutil.copytree(tmp_path / "b" / "checkpoint-4", tmp_path / "b" / "checkpoint-6")
    (torn / "complete").unlink()
    (torn / "optimizer.pt").write_bytes(b"torn")
    done, advanced = updates_done(tmp_path / "b"), list[int]()
    callbacks = [progress_callback(advanced.append, done)]
    resumed_log = train(resumed, RECORDS, options, tmp_path / "b", seed=1, callbacks=callbacks)
    assert done > 0 and set(advanced) == {1} and done + len(advanced) == log[-1]["step"]
    assert same_weights(undisturbed, resumed)
    assert not torn.exists()
    assert [entry["loss"] for entry in log[:-1]] == [entry["loss"] for entry in resumed_log[:-1]]


def test_a_checkpoint_is_a_model_directory_with_its_value_head(tmp_path: Path) -> None:
    model = tiny_model()
    train(model, RECORDS, TrainingOptions(epochs=2, batch=8, micro_batch=8, lr=0.01, save_steps=2), tmp_path)
    saved = load_model(tmp_path / "checkpoint-2")
    assert same_weights(model, saved)
    assert float(saved.value_head.weight.detach().abs().max()) > 0


@pytest.mark.parametrize("left", [0, 3])
def test_every_epoch_has_every_example_once_and_batches_have_like_lengths(left: int) -> None:
    lengths = [(7 * i) % 100 + 1 for i in range(100 + left)]
    order = order_of(lengths, epochs=2, micro_batch=10, seed=3)
    assert Counter(order) == Counter({i: 2 for i in range(100 + left)})
    assert len(set(order[:100])) == len(set(order[100:200])) == 100
    assert order[:100] != order[100:200]
    spreads = [max(ls) - min(ls) for ls in ([lengths[i] for i in order[at : at + 10]] for at in range(0, 200, 10))]
    assert max(spreads) < 15
    assert order == order_of(lengths, epochs=2, micro_batch=10, seed=3)
    assert order != order_of(lengths, epochs=2, micro_batch=10, seed=4)
    assert sorted(order_of([5, 3], epochs=2, micro_batch=10, seed=3)) == [0, 0, 1, 1]


def test_paths_too_long_are_left_out_not_cut(tmp_path: Path) -> None:
    longest = max(len(record.token_ids) for record in RECORDS)
    with pytest.raises(ValueError, match="nothing to train on: 8 paths, none of at most 5 tokens"):
        train(tiny_model(), RECORDS, TrainingOptions(max_length=5), tmp_path)
    kept = [record for record in RECORDS if len(record.token_ids) < longest]
    assert 0 < len(kept) < 8
    some, few = tiny_model(), tiny_model()
    train(some, RECORDS, TrainingOptions(epochs=1, max_length=longest - 1), tmp_path / "a")
    train(few, kept, TrainingOptions(epochs=1), tmp_path / "b")
    assert same_weights(some, few)


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"batch": 10, "micro_batch": 4}, {"beta": -0.1}, {"lr": 0.0}])
def test_options_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        TrainingOptions(**wrong)
