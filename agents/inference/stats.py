"""What an engine has done so far."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(slots=True)
class EngineStats:
    """Counts over an engine's life. All of them only grow, so a run's own figures are differences.

    Attributes:
        requests: expansions and values asked for and answered.
        passes: forward passes of the model; one may both compute prompts and give rows their next tokens.
        prefill_calls: passes that computed prompts or parts of them.
        prefill_rows: prompts, or parts, in those.
        prefilled_tokens: prompt tokens computed, padding apart.
        reused_tokens: prompt tokens found computed.
        decode_calls: passes that gave rows their next token.
        decode_rows: rows in those; their mean is `mean_rows`.
        generated_tokens: tokens sampled.
        model_seconds: time inside forward passes, by `clock`.
        sample_seconds: time of drawing tokens from what the passes gave.
        step_seconds: time of all computing, forward passes included.
        busy_seconds: wall time in which something was left to compute.
        clock: tells the time; on a busy machine `time.thread_time` tells what the work itself took.
    """

    requests: int = 0
    passes: int = 0
    prefill_calls: int = 0
    prefill_rows: int = 0
    prefilled_tokens: int = 0
    reused_tokens: int = 0
    decode_calls: int = 0
    decode_rows: int = 0
    generated_tokens: int = 0
    model_seconds: float = 0.0
    sample_seconds: float = 0.0
    step_seconds: float = 0.0
    busy_seconds: float = 0.0
    clock: Callable[[], float] = perf_counter

    @property
    def mean_rows(self) -> float:
        """Rows a decoding pass; 0 before the first."""
        return self.decode_rows / max(self.decode_calls, 1)
