"""`amz pretrain`: make the base model that ships, from nothing.

A small Llama is trained on written work of simulated students (`agents.training.corpus`): after some copying, on clean
work until its ability is high, then, with more layers, on the mixed corpus, which hides it. Loss on what a student
wrote; the question and what code printed are context. Hidden matrices are optimised by Muon, everything else by AdamW;
the learning rate warms up, stays, and falls to zero at the end of each phase.

Several replicas share the work of each update (`agents.training.replicas`); which documents an update sees does not
depend on their number. The run resumes: `RUN/pretrain.pt` holds weights, optimisers and the step; documents are
functions of their number.
"""

import dataclasses
import hashlib
import itertools
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

import torch
from torch import Tensor, nn

from agents.model import PolicyValueModel, save_model
from agents.model.gpus import own_device
from agents.model.tokenizer import train_tokenizer
from agents.reporting.files import open_lines, read_lines, write_bytes, write_json, write_line
from agents.training.corpus import Phase, Population, draw_work
from agents.training.deepen import deepen
from agents.training.machine import bfloat16_pays, can_compile
from agents.training.pretrain_batches import Batch, Corpus
from agents.training.progress import stage
from agents.training.replicas import Replica, replicate
from agents.training.run_files import only_process

CHECKPOINT = "pretrain.pt"

_FREE = ("out", "workers", "loaders", "threads", "device", "compile", "save_every")
TOKENIZER_AUTHORS = Population(confused=0.6, prevalence=(0.3, 0.9), common=None, slip=0.02, checking=0.0)
"""Who writes the texts that the tokenizer is trained on: fixed, so that populations on the same sets share it."""


@dataclass(frozen=True)
class PretrainConfig:
    """Pretrain the small base model on written work of simulated students.

    Examples:
      amz pretrain
      amz pretrain --out runs/wider --hidden-size 192 --layers 6
      amz pretrain --device cuda --workers 1 --loaders 8
    """

    out: Path = Path("runs/pretrain")
    """Directory of the run; the same command continues it. The model is written to OUT/checkpoint."""
    copy_steps: int = 800
    """Updates on copying, before the clean work: enough that attention finds what followed a token before."""
    clean_steps: int = 20_000
    """Updates on clean work."""
    mixed_steps: int = 4_500
    """Updates on the mixed corpus, after the clean work: enough to learn how common each mistake is."""
    batch: int = 16
    """Documents an update."""
    lr: float = 0.006
    """Learning rate of Muon in the copy and clean phases; AdamW's is a third of it."""
    mixed_lr: float = 0.003
    """Learning rate of Muon in the mixed phase, which starts with fresh optimisers; AdamW's is a third of it."""
    hidden_size: int = 128
    """Width of the model."""
    layers: int = 4
    """Depth of the model in the copy and clean phases."""
    late_layers: int = 2
    """Layers added on top for the mixed phase, idle at first; V is what gains from them."""
    head_size: int = 64
    """Width of an attention head; keys and values are shared by two heads."""
    vocab_size: int = 4096
    """Tokens of the vocabulary at most."""
    seed: int = 0
    """Seed of the weights and of the corpus."""
    workers: int = 2
    """Processes that share each update; as many as there are free cores."""
    threads: int = 1
    """Torch threads of each process. More than there are free cores make it slower, many times over."""
    loaders: int = 1
    """Processes beside each of them that write its documents; one keeps up with a CPU, a GPU wants several."""
    device: str = "cpu"
    """Where the model is trained; on a GPU, with one worker."""
    compile: bool = True
    """Compiled, where there is a C++ compiler, the model is half as fast again; --no-compile leaves it as it is."""
    save_every: int = 100
    """Updates between checkpoints."""
    population: Population = field(default_factory=Population)
    """Who writes the corpus, and on what."""

    def __post_init__(self) -> None:
        for name in ("copy_steps", "clean_steps", "mixed_steps", "late_layers"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must be at least 0, got {getattr(self, name)}")
        for name in ("batch", "hidden_size", "layers", "head_size", "workers", "loaders", "threads", "save_every"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if self.device != "cpu" and self.workers > 1:
            raise ValueError(f"a {self.device} is for one worker: --workers 1, with several --loaders")
        if self.batch % self.workers:
            raise ValueError(f"batch must be a multiple of workers, got {self.batch} and {self.workers}")


def run(config: PretrainConfig) -> Path:
    """Pretrain, or go on with a run that was stopped; return the model's directory.

    Raises:
        ValueError: another process is at work there.
    """
    config.out.mkdir(parents=True, exist_ok=True)
    with only_process(config.out):
        return replicate(_pretrain, config, config.workers)


def _pretrain(config: PretrainConfig, replica: Replica) -> Path:
    torch.set_num_threads(config.threads)
    device = own_device(config.device)
    model = build_model(config).to(device)
    saved = _load(config, model)
    if replica.rank == 0:
        write_json(config.out / "config.json", json.loads(json.dumps(dataclasses.asdict(config), default=str)))
    able = config.copy_steps + config.clean_steps
    step, total = int(saved.get("step", 0)), able + config.mixed_steps
    phases: tuple[tuple[Phase, int, int, float], ...] = (
        ("copy", 0, config.copy_steps, config.lr),
        ("clean", config.copy_steps, able, config.lr),
        ("mixed", able, total, config.mixed_lr),
    )
    with _reporting(config.out, step, total, replica) as log:
        for phase, first, last, lr in phases:
            if step >= last:
                continue
            if phase == "mixed":
                deepen(model.lm, config.layers + config.late_layers)
            loss_of = _loss_function(model, config.compile)
            optimizers = build_optimizers(model.lm, lr)
            if step > first:
                for optimizer, state in zip(optimizers, saved["optimizers"], strict=True):
                    optimizer.load_state_dict(state)
            corpus = Corpus(model.tokenizer, config.seed, phase, config.population, config.batch)
            batches = corpus.batches(step - first, replica, loaders=config.loaders)
            for batch in itertools.islice(batches, last - step):
                factor = schedule(step - first, last - first)
                loss = _update(model.lm, loss_of, optimizers, batch.to(model.device), factor, replica)
                step += 1
                log(step, phase, loss, batch)
                if replica.rank == 0 and step == last and phase == "clean":  # first: what goes on takes it as done
                    save_model(model, config.out / "checkpoint-clean", training=_facts(config, step))
                if replica.rank == 0 and (step % config.save_every == 0 or step == last):
                    _save(config, model, optimizers, step)
    path = config.out / "checkpoint"
    if replica.rank == 0:
        save_model(model, path, training=_facts(config, step))
    return path


def schedule(step: int, steps: int) -> float:
    """Return the learning rate's factor in [0, 1]: warm up over 100 updates, stay, fall over the last 40 %."""
    warm, fall = 100, max(steps * 0.4, 1)
    return min((step + 1) / warm, 1.0, (steps - step) / fall)


def build_model(config: PretrainConfig) -> PolicyValueModel:
    """Return the untrained model with a tokenizer trained on the corpus's first documents."""
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = train_tokenizer(_tokenizer_texts(config), config.vocab_size)
    torch.manual_seed(config.seed)
    lm = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=config.hidden_size,
            num_hidden_layers=config.layers,
            num_attention_heads=max(config.hidden_size // config.head_size, 1),
            num_key_value_heads=max(config.hidden_size // (2 * config.head_size), 1),
            intermediate_size=config.hidden_size * 11 // 4,
            max_position_embeddings=1024,
            tie_word_embeddings=True,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=tokenizer.eos_token_id,
            bos_token_id=None,
            # The CPU's fused kernel takes three times as long backwards.
            attn_implementation="eager" if config.device == "cpu" else "sdpa",
        )
    )
    return PolicyValueModel(lm, tokenizer)


def _tokenizer_texts(config: PretrainConfig) -> Iterator[str]:
    authors = dataclasses.replace(TOKENIZER_AUTHORS, sets=config.population.sets)
    for index in range(6000):
        draft = draw_work(config.seed, "mixed", index, authors)
        yield draft.question
        for step in draft.steps:
            yield from (text for text in (step.text, step.code, step.output, step.answer) if text)
            yield "Final Answer: "


def build_optimizers(lm: nn.Module, lr: float) -> list[torch.optim.Optimizer]:
    """Return Muon (learning rate `lr`) for the hidden matrices and AdamW (a third of it) for embeddings and norms."""
    matrices = [p for name, p in lm.named_parameters() if p.ndim == 2 and "embed" not in name]
    others = [p for name, p in lm.named_parameters() if p.ndim != 2 or "embed" in name]
    muon = torch.optim.Muon(matrices, lr=lr, weight_decay=0.01, momentum=0.95, adjust_lr_fn="match_rms_adamw")
    adamw = torch.optim.AdamW(others, lr=lr / 3, betas=(0.9, 0.95), weight_decay=0.0)
    for optimizer in (muon, adamw):
        for group in optimizer.param_groups:
            group["base_lr"] = group["lr"]
    return [muon, adamw]


LossFunction = Callable[[Batch], Tensor]
"""The mean cross-entropy of a batch's written tokens."""


def _loss_function(model: PolicyValueModel, compiled: bool) -> LossFunction:
    decoder, head, device = model.lm.get_decoder(), model.lm.get_output_embeddings(), model.device
    halved = bfloat16_pays(device)

    def loss_of(input_ids: Tensor, wanted: Tensor, targets: Tensor) -> Tensor:
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=halved):
            hidden = decoder(input_ids=input_ids, use_cache=False).last_hidden_state
            logits = head(hidden.flatten(0, 1)[wanted])
        return nn.functional.cross_entropy(logits.float(), targets)

    if compiled and can_compile():
        loss_of = torch.compile(loss_of, dynamic=True)
    return lambda batch: loss_of(batch.input_ids, batch.wanted, batch.targets)


def _update(
    lm: nn.Module,
    loss_of: LossFunction,
    optimizers: list[torch.optim.Optimizer],
    batch: Batch,
    factor: float,
    replica: Replica,
) -> float:
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = group["base_lr"] * factor
    loss = loss_of(batch)
    torch.autograd.backward(loss * batch.weight)
    replica.average_gradients(lm.parameters())
    nn.utils.clip_grad_norm_(lm.parameters(), 1.0)
    for optimizer in optimizers:
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return float(loss.detach())


def _load(config: PretrainConfig, model: PolicyValueModel) -> dict[str, Any]:
    path = config.out / CHECKPOINT
    if not path.exists():
        return {}
    saved: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
    if saved.get("identity") != _identity(config, model):
        raise ValueError(f"{config.out} holds a run of other options or of another version: give another --out")
    if saved["step"] > config.copy_steps + config.clean_steps:
        deepen(model.lm, config.layers + config.late_layers)
    model.lm.load_state_dict(saved["model"])
    return saved


def _identity(config: PretrainConfig, model: PolicyValueModel) -> str:
    """Return what must not change when a run goes on: its options, but for where and how fast, and its tokenizer."""
    options = {name: value for name, value in dataclasses.asdict(config).items() if name not in _FREE}
    vocabulary = model.tokenizer.backend_tokenizer.to_str()
    return hashlib.sha256(json.dumps([options, vocabulary], sort_keys=True).encode()).hexdigest()


def _save(config: PretrainConfig, model: PolicyValueModel, optimizers: list[torch.optim.Optimizer], step: int) -> None:
    temporary = config.out / (CHECKPOINT + ".tmp")
    torch.save(
        {
            "identity": _identity(config, model),
            "model": model.lm.state_dict(),
            "optimizers": [each.state_dict() for each in optimizers],
            "step": step,
        },
        temporary,
    )
    os.replace(temporary, config.out / CHECKPOINT)


def _facts(config: PretrainConfig, step: int) -> dict[str, object]:
    return {
        "made_by": "amz pretrain",
        "updates": step,
        "config": json.loads(json.dumps(dataclasses.asdict(config), default=str)),
    }


Log = Callable[[int, str, float, Batch], None]
"""Counts one update: its number, phase, loss and batch."""


@contextmanager
def _reporting(out: Path, done: int, total: int, replica: Replica) -> Iterator[Log]:
    """Show the first replica's progress, and write a JSON line to `log.jsonl` every 20 updates.

    Tokens and losses are those of the first replica, the rate is that of all.
    """
    if replica.rank > 0:
        yield lambda *_: None
        return
    tokens, losses, since = 0, list[float](), time.perf_counter()
    _drop_after(out / "log.jsonl", done)
    with open_lines(out / "log.jsonl") as file, stage("pretraining", total, done) as advance:

        def log(step: int, phase: str, loss: float, batch: Batch) -> None:
            nonlocal tokens, since
            tokens += batch.input_ids.numel()
            losses.append(loss)
            advance(1, f"{phase} loss {loss:.3f}")
            if step % 20 == 0:
                rate = tokens * replica.count / (time.perf_counter() - since)
                mean = round(fmean(losses), 4)  # of fewer than 20 where the run went on in between
                write_line(file, {"step": step, "phase": phase, "loss": mean, "tokens_per_second": round(rate)})
                losses.clear()
                tokens, since = 0, time.perf_counter()

        yield log


def _drop_after(path: Path, step: int) -> None:
    """Leave out the lines of a log after an update: those made again are told again."""
    kept = [line for line in read_lines(path) if line["step"] <= step] if path.exists() else []
    write_bytes(path, "".join(f"{json.dumps(line)}\n" for line in kept).encode())
