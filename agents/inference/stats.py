"""What an engine has done so far."""

from dataclasses import dataclass


@dataclass(slots=True)
class EngineStats:
    """Counts over an engine's life.

    Attributes:
        prefill_calls: forward passes over prompts or parts of them.
        prefill_rows: rows in those.
        prefilled_tokens: prompt tokens computed, padding apart.
        reused_tokens: prompt tokens found computed.
        decode_calls: forward passes that gave one token a row.
        decode_rows: rows in those; their mean is `decode_rows / decode_calls`.
        model_seconds: wall time inside forward passes.
        step_seconds: wall time of all computing, forward passes included.
    """

    prefill_calls: int = 0
    prefill_rows: int = 0
    prefilled_tokens: int = 0
    reused_tokens: int = 0
    decode_calls: int = 0
    decode_rows: int = 0
    model_seconds: float = 0.0
    step_seconds: float = 0.0
