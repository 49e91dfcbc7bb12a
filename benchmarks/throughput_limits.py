"""What the machine could do at best: matrix rate, memory rate, and a bare decode loop to measure engines against.

    python -m benchmarks.throughput_limits [--model DIR] [--rows 64] [--prompt 200]

The limit of a computation is the multiply-adds of its tokens over the measured rate of large matrix products. The rate
of reading memory, which bounds large models with few rows, is printed beside.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, thread_time

import torch

from agents.model import PolicyValueModel, load_model


@dataclass(frozen=True)
class Machine:
    """Measured rates of a device, for one type of numbers.

    Attributes:
        multiply_adds: of large matrix products, a second.
        bytes: read from memory, a second.
    """

    multiply_adds: float
    bytes: float


@dataclass(frozen=True)
class Loop:
    """A bare decode loop, in generated tokens: a second of wall time, and a second by `clock_of` the device."""

    per_second: float
    per_clock: float


def clock_of(device: torch.device) -> Callable[[], float]:
    """Return the clock that tells what the work itself takes: the thread's processor time, wall time on a GPU."""
    return thread_time if device.type == "cpu" else perf_counter


def synchronize(device: torch.device) -> None:
    """Wait until the device has done what it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


@torch.inference_mode()
def measure_machine(device: torch.device, dtype: torch.dtype, size: int = 1024, repeats: int = 20) -> Machine:
    """Measure a device's rates; the best of several, for other work on the machine only ever takes away."""
    size = size if device.type == "cpu" else 8 * size
    left, right = torch.randn(2, size, size, device=device).to(dtype)
    memory = torch.zeros(1 << (26 if device.type == "cpu" else 30), dtype=torch.uint8, device=device).view(
        torch.float32
    )
    product = min(_seconds(device, lambda: left @ right) for _ in range(repeats))
    reading = min(_seconds(device, memory.sum) for _ in range(repeats))
    return Machine(size**3 / product, memory.numel() * 4 / reading)


def _seconds(device: torch.device, work: Callable[[], object]) -> float:
    clock = clock_of(device)
    synchronize(device)
    start = clock()
    work()
    synchronize(device)
    return clock() - start


def weights(model: PolicyValueModel) -> int:
    """Return the number of weights that each token is multiplied with: all but the embeddings, the head included."""
    head = model.lm.get_output_embeddings().weight
    inside = sum(each.numel() for name, each in model.lm.named_parameters() if each.ndim == 2 and "embed" not in name)
    return int(inside + (head.numel() if head is model.lm.get_input_embeddings().weight else 0))


def multiply_adds(model: PolicyValueModel, tokens: int, context: float) -> float:
    """Return the multiply-adds of tokens that each see `context` tokens: all weights once, keys and values once."""
    config = model.lm.config.get_text_config()
    width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    attention = 2 * config.num_hidden_layers * config.num_attention_heads * width * context
    return float(tokens * (weights(model) + attention))


@torch.inference_mode()
def bare_loop(model: PolicyValueModel, rows: int, prompt: int, tokens: int) -> Loop:
    """Run a plain batched decode loop with `DynamicCache`: equal prompts, the most probable token, nothing else."""
    clock, device, name = clock_of(model.device), model.device, model._cache_argument
    ids = torch.randint(20, model.lm.config.vocab_size, (rows, prompt), device=device)
    output = model.lm(ids, use_cache=True, logits_to_keep=1)
    synchronize(device)
    start, wall = clock(), perf_counter()
    for step in range(tokens):
        ids = output.logits[:, -1].argmax(-1, keepdim=True)
        positions = torch.full((rows, 1), prompt + step, device=device)
        output = model.lm(ids, position_ids=positions, use_cache=True, **{name: output[name]})
    synchronize(device)
    return Loop(rows * tokens / (perf_counter() - wall), rows * tokens / (clock() - start))


def main() -> None:
    """Print the limits of this machine for one model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="builtin", help="a model that ships, or a model directory")
    parser.add_argument("--rows", type=int, default=64, help="rows decoded together")
    parser.add_argument("--prompt", type=int, default=200, help="tokens before them")
    parser.add_argument("--device", default="cpu", help="a torch device")
    options = parser.parse_args()
    torch.set_num_threads(1)
    model = load_model(options.model, device=options.device)
    machine = measure_machine(model.device, model.lm.dtype)
    loop = bare_loop(model, options.rows, options.prompt, 48)
    one = multiply_adds(model, 1, options.prompt + 24)
    most = machine.multiply_adds / one
    print(f"matrix products    {machine.multiply_adds / 1e9:10.1f} billion multiply-adds a second")
    print(f"memory             {machine.bytes / 1e9:10.1f} GB a second")
    print(f"a token            {one / 1e6:10.2f} million multiply-adds, so at most {most:,.0f} a second")
    print(f"bare decode loop   {loop.per_clock:10,.0f} tokens a second, {loop.per_clock / most:.0%} of it")


if __name__ == "__main__":
    main()
