"""Training of policy and value on records: a `transformers.Trainer` with the joint loss.

Gradient accumulation, mixed precision, several processes, DeepSpeed and the saving of optimiser and random state are
the Trainer's. What is here: padding, the loss and its counts over everything that one update sees, and checkpoints that
are model directories with the value head beside.

The order of the examples is a list made beforehand, all epochs in one, so that a run that was killed goes on exactly
where its last checkpoint stands.
"""

import json
import random
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import PrinterCallback, Trainer, TrainerCallback, TrainingArguments

from agents.model import PolicyValueModel, load_model, save_model
from agents.model.policy_value import predicting
from agents.training.config import TrainingOptions
from agents.training.loss import IGNORE, count_labels, joint_loss
from agents.training.machine import bfloat16_pays, can_compile
from agents.training.records import Record

_COMPLETE = "complete"
_BUCKET = 32  # micro-batches sorted by length together, so that little is padded


Example = dict[str, list[int] | list[float]]
"""input_ids, labels, targets, sampled: one number a token each. [T]"""


def example_of(record: Record, *, train_on_output: bool = False) -> Example:
    """Return a record as token ids with their labels.

    Only a right path has token labels: on what the policy sampled, or on all after the question with `train_on_output`.
    Both have a value target at the end of each step, and know which tokens the policy sampled.
    """
    labels = [IGNORE] * len(record.token_ids)
    spans = [(record.prompt_length, len(record.token_ids))] if train_on_output else record.sampled
    for start, end in spans if record.right else ():
        labels[start:end] = record.token_ids[start:end]
    targets = [float(IGNORE)] * len(record.token_ids)
    for end, target in zip(record.ends, record.targets, strict=True):
        targets[end] = target
    sampled = [0] * len(record.token_ids)
    for start, end in record.sampled:
        sampled[start:end] = [1] * (end - start)
    return {"input_ids": list(record.token_ids), "labels": labels, "targets": targets, "sampled": sampled}


@dataclass(frozen=True, slots=True)
class Collator:
    """Pads examples on the right into one batch [B, T]."""

    pad: int

    def __call__(self, examples: Sequence[Example]) -> dict[str, Tensor]:
        """Return input_ids, labels (int64), targets (fp32) and sampled (bool), each [B, T]."""
        return {
            "input_ids": _padded([example["input_ids"] for example in examples], self.pad, torch.int64),
            "labels": _padded([example["labels"] for example in examples], IGNORE, torch.int64),
            "targets": _padded([example["targets"] for example in examples], IGNORE, torch.float32),
            "sampled": _padded([example["sampled"] for example in examples], 0, torch.bool),
        }


def _padded(rows: Sequence[Sequence[float]], fill: int, dtype: torch.dtype) -> Tensor:
    return torch.nn.utils.rnn.pad_sequence(
        [torch.tensor(row, dtype=dtype) for row in rows], batch_first=True, padding_value=fill
    )


class JointTrainer(Trainer):
    """`transformers.Trainer` over a `PolicyValueModel` and `Example`s with the joint loss.

    Args:
        beta: weight of the value loss.
        likelihood: whether V reads how likely the policy finds a path.
    """

    def __init__(self, *args: Any, beta: float, likelihood: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.beta = beta
        self.likelihood = likelihood
        self.loss_is_scaled_for_ga = True  # compute_loss divides by the counts of all micro-batches
        self._parts = torch.zeros(2)
        self._updates = 0

    def get_batch_samples(
        self, epoch_iterator: Iterator[Any], num_batches: int, device: torch.device
    ) -> tuple[list[Any], Tensor | None]:
        """Take the micro-batches of one update, and count its (tokens, steps) that carry a label."""
        batches, _ = super().get_batch_samples(epoch_iterator, num_batches, device)
        if not batches:
            return batches, None
        counts = torch.stack([count_labels(batch["labels"], batch["targets"]) for batch in batches]).sum(0).to(device)
        self._updates += 1
        return batches, self.accelerator.gather(counts).view(-1, 2).sum(0)

    def compute_loss(
        self, model: Any, inputs: dict[str, Tensor], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """Return the joint loss of one micro-batch, as its share of the update's."""
        learned = predicting(inputs["labels"] != IGNORE)
        sampled = inputs["sampled"] if self.likelihood else None
        wanted = learned if sampled is None else learned | predicting(sampled)
        logits, values, _ = model(inputs["input_ids"], wanted=wanted, sampled=sampled, use_cache=False)
        predictions = logits if sampled is None else logits[learned[wanted]]  # the others are V's alone
        tokens, steps = num_items_in_batch if num_items_in_batch is not None else (None, None)
        loss = joint_loss(
            predictions, values, inputs["labels"], inputs["targets"], beta=self.beta, tokens=tokens, steps=steps
        )
        self._parts += torch.stack([loss.policy, loss.value]).cpu()
        # Processes average their gradients, but each has divided by the counts of all.
        total = loss.total * (self.accelerator.num_processes if num_items_in_batch is not None else 1)
        return (total, {"logits": logits, "values": values}) if return_outputs else total

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """Log the two parts of the loss beside their sum."""
        if "loss" in logs and self._updates:
            policy, value = (self._parts / self._updates).tolist()
            logs |= {"policy_loss": policy, "value_loss": value}
            self._parts, self._updates = torch.zeros(2), 0
        super().log(logs, start_time)

    def _save(self, output_dir: str | None = None, state_dict: dict[str, Tensor] | None = None) -> None:
        if not self.args.should_save:
            return
        model = self.accelerator.unwrap_model(self.model)
        if state_dict is not None:  # gathered from several processes
            model.load_state_dict(state_dict)
        save_model(model, Path(output_dir or self.args.output_dir))

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        if self.is_fsdp_enabled:
            super()._load_from_checkpoint(resume_from_checkpoint, model)
            return
        self.accelerator.unwrap_model(self.model).load_state_dict(load_model(resume_from_checkpoint).state_dict())


class _MarkComplete(TrainerCallback):
    """Marks checkpoints that were written to their end; a kill leaves the others without the mark."""

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.is_world_process_zero:
            (Path(args.output_dir) / f"checkpoint-{state.global_step}" / _COMPLETE).touch()


class _Progress(TrainerCallback):
    """Tells how many updates have been made."""

    def __init__(self, advance: Callable[[int], None], done: int) -> None:
        self._advance = advance
        self._done = done

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self._advance(state.global_step - self._done)
        self._done = state.global_step


def progress_callback(advance: Callable[[int], None], done: int = 0) -> TrainerCallback:
    """Return a Trainer's callback that calls `advance` with the number of updates made since the last call.

    Args:
        advance: what to call.
        done: updates that an earlier run has made; see `updates_done`.
    """
    return _Progress(advance, done)


class _OnCheckpoint(TrainerCallback):
    """Tells that a checkpoint has been written."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if state.is_world_process_zero:
            self._tell()


def checkpoint_callback(tell: Callable[[], None]) -> TrainerCallback:
    """Return a Trainer's callback that calls `tell` when a checkpoint, with the log so far, is on the disk."""
    return _OnCheckpoint(tell)


def log_so_far(work: Path) -> list[dict[str, float]]:
    """Return the log in the newest complete checkpoint of a training under way; empty where there is none."""
    newest = _newest(work)
    if newest is None:
        return []
    log: list[dict[str, float]] = json.loads((newest / "trainer_state.json").read_text())["log_history"]
    return log


def updates_done(work: Path) -> int:
    """Return how many updates a training under way need not make again."""
    newest = _newest(work)
    return _update_of(newest) if newest else 0


def _newest(work: Path) -> Path | None:
    """Return the newest checkpoint that was written to its end."""
    complete = [path for path in work.glob("checkpoint-*") if (path / _COMPLETE).exists()]
    return max(complete, key=_update_of, default=None)


def _update_of(checkpoint: Path) -> int:
    return int(checkpoint.name.rpartition("-")[2])


def order_of(lengths: Sequence[int], *, epochs: int, micro_batch: int, seed: int) -> list[int]:
    """Return the order of examples over all epochs: shuffled, like lengths in one micro-batch.

    What is left of an epoch once its micro-batches are full comes after the last epoch: a short one in between would
    shift all that follow, and none of them would hold like lengths any more.

    Args:
        lengths: tokens of each example. [N]
        epochs: how often each comes.
        micro_batch: examples that are padded together.
        seed: seed of the order.

    Returns:
        Indices. [epochs * N]
    """
    rng = random.Random(seed)
    order, left = list[int](), list[int]()
    for _ in range(epochs):
        indices = list(range(len(lengths)))
        rng.shuffle(indices)
        full = len(indices) - len(indices) % micro_batch
        left += indices[full:]
        for start in range(0, full, micro_batch * _BUCKET):
            bucket = sorted(indices[start : min(start + micro_batch * _BUCKET, full)], key=lambda index: lengths[index])
            batches = [bucket[at : at + micro_batch] for at in range(0, len(bucket), micro_batch)]
            rng.shuffle(batches)
            order += [index for batch in batches for index in batch]
    return order + left


def train(
    model: PolicyValueModel,
    records: Sequence[Record],
    options: TrainingOptions,
    work: Path,
    *,
    seed: int = 0,
    callbacks: Sequence[TrainerCallback] = (),
) -> list[dict[str, float]]:
    """Fit a model to records, in place; go on from the last checkpoint in `work` where there is one.

    Args:
        model: a fresh model; its weights are changed.
        records: what to train on.
        options: how.
        work: directory for checkpoints to resume from. The same records, options and seed must be given with it.
        seed: seed of the order and of dropout.
        callbacks: of the Trainer, for progress bars.

    Returns:
        The Trainer's log: loss, policy_loss, value_loss, learning_rate, grad_norm by step.

    Raises:
        ValueError: no record is left to train on.
    """
    fitting = [record for record in records if len(record.token_ids) <= options.max_length]
    if not fitting:
        raise ValueError(f"nothing to train on: {len(records)} paths, none of at most {options.max_length} tokens")
    if len(fitting) < len(records):
        left_out = len(records) - len(fitting)
        print(f"{left_out} of {len(records)} paths are left out: over {options.max_length} tokens", file=sys.stderr)
    examples = [example_of(record, train_on_output=options.train_on_output) for record in fitting]
    lengths = [len(record.token_ids) for record in fitting]
    order = order_of(lengths, epochs=options.epochs, micro_batch=options.micro_batch, seed=seed)
    model.value_head.likelihood.requires_grad_(options.likelihood)  # of what is not used nobody gathers gradients
    if not options.likelihood:
        torch.nn.init.zeros_(model.value_head.likelihood)
    trainer = JointTrainer(
        model=model,
        args=_arguments(options, work, seed, model.device),
        data_collator=Collator(model.tokenizer.pad_token_id or 0),
        train_dataset=[examples[index] for index in order],
        callbacks=[_MarkComplete(), *callbacks],
        beta=options.beta,
        likelihood=options.likelihood,
    )
    trainer.remove_callback(PrinterCallback)
    with _fast_on_cpu(model, options.compile):
        trainer.train(resume_from_checkpoint=_last_checkpoint(work))
    model.eval()
    # The closing summary is left out: after a resumption it counts the last stretch alone.
    return [entry for entry in trainer.state.log_history if "train_loss" not in entry]


@contextmanager
def _fast_on_cpu(model: PolicyValueModel, compiled: bool) -> Iterator[None]:
    """Attend by plain matrix products on a CPU, whose fused kernel takes three times as long backwards; compile."""
    before, decoder = model.lm.config._attn_implementation, model.lm.get_decoder()
    if model.device.type == "cpu":
        model.lm.set_attn_implementation("eager")
    if compiled and can_compile():
        decoder.compile(dynamic=True)
    try:
        yield
    finally:
        model.lm.set_attn_implementation(before)
        decoder._compiled_call_impl = None


def _arguments(options: TrainingOptions, work: Path, seed: int, device: torch.device) -> TrainingArguments:
    use_cpu = device.type == "cpu"
    arguments = TrainingArguments(
        output_dir=str(work),
        num_train_epochs=1,  # the order holds all epochs
        train_sampling_strategy="sequential",
        per_device_train_batch_size=options.micro_batch,
        gradient_accumulation_steps=options.batch // options.micro_batch,
        learning_rate=options.lr,
        lr_scheduler_type="cosine",
        warmup_steps=options.warmup,
        weight_decay=options.weight_decay,
        bf16=options.bf16 and bfloat16_pays(device),
        use_cpu=use_cpu,
        seed=seed % 2**32,
        save_steps=options.save_steps,
        save_total_limit=2,
        logging_steps=min(10, options.save_steps),
        logging_first_step=True,
        remove_unused_columns=False,
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=not use_cpu,
    )
    # One process uses one GPU (where `train` itself is launched by `accelerate`, each has its own): spread over several
    # by DataParallel, the parts of a batch would no longer see each other's counts.
    arguments._n_gpu = min(arguments.n_gpu, 1)
    return arguments


def _last_checkpoint(work: Path) -> str | None:
    """Return the newest checkpoint that was written to its end; remove those that were not."""
    for path in work.glob("checkpoint-*"):
        if not (path / _COMPLETE).exists():
            shutil.rmtree(path)
    newest = _newest(work)
    return str(newest) if newest else None
