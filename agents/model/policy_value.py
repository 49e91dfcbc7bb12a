"""Policy and value in one model: any causal language model of `transformers` plus one linear layer.

    V(s) = tanh(w . h(s) + b),  h(s) the last hidden state (after the final norm) at the last token of s

(paper, section 3.3). The last token of a state is the line end that follows `</step>`, as in the released code. The
head is kept in fp32 and starts at zero, so that V = 0 before training; N(0, 0.02) weights, as in the paper, give a
random offset that grows with the hidden size.
"""

import inspect
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from agents.model.encoding import StateEncoder
from amz_env.dynamics import State

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


class PolicyValueModel(nn.Module):
    """A causal LM with a value head, and its tokenizer.

    Letters of shapes: B rows, T tokens, H hidden size, V vocabulary.

    Args:
        lm: any causal language model of `transformers`.
        tokenizer: its tokenizer, a fast one.
        value_head: H -> 1 linear layer; a zero one by default.

    Raises:
        TypeError: the tokenizer is not a fast one.
    """

    def __init__(
        self, lm: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", value_head: nn.Linear | None = None
    ) -> None:
        super().__init__()
        self.lm = lm
        self.encoder = StateEncoder(tokenizer)
        self.value_head = value_head if value_head is not None else zero_head(lm.config.get_text_config().hidden_size)
        # `past_key_values` was renamed to `cache` within the versions of transformers that we support.
        self._cache_argument = "cache" if "cache" in inspect.signature(lm.forward).parameters else "past_key_values"

    @property
    def tokenizer(self) -> "PreTrainedTokenizerBase":
        """The language model's tokenizer."""
        return self.encoder.tokenizer

    @property
    def device(self) -> torch.device:
        """Where the language model's weights are."""
        return torch.device(self.lm.device)

    @property
    def context(self) -> int:
        """Tokens that fit the model's context."""
        return int(getattr(self.lm.config.get_text_config(), "max_position_embeddings", None) or 1 << 30)

    def forward(
        self,
        input_ids: Tensor,
        *,
        attention_mask: Tensor | None = None,
        position_ids: Tensor | None = None,
        cache: Any = None,
        use_cache: bool = True,
        logits_to_keep: int = 0,
    ) -> tuple[Tensor, Tensor, Any]:
        """Run the language model and read the value at every position.

        Args:
            input_ids: [B, T]
            attention_mask: 1 for real tokens, cached ones included. [B, cached + T] By default all are, or what is not
                stands behind them, where causal attention does not look.
            position_ids: [B, T] By default from 0 on.
            cache: a `transformers` cache to continue, or None.
            use_cache: whether to keep keys and values; training does not.
            logits_to_keep: compute logits of the last positions only; 0 keeps all.

        Returns:
            logits [B, T or logits_to_keep, V], values in [-1, 1] [B, T] (fp32), and the cache,
            None without one.
        """
        logits, hidden, cache = self.read(
            input_ids,
            attention_mask=attention_mask,
            position_ids=position_ids,
            cache=cache,
            use_cache=use_cache,
            logits_to_keep=logits_to_keep,
        )
        return logits, self.values(hidden), cache

    def read(
        self, input_ids: Tensor, *, cache: Any = None, use_cache: bool = True, **inputs: Any
    ) -> tuple[Tensor, Tensor, Any]:
        """Run the language model on what `forward` takes; last hidden states [B, T, H] stand in place of the values."""
        # Logits are taken from the LM itself: recomputing them from h would miss e.g. Gemma-2's soft-cap.
        output = self.lm(
            input_ids=input_ids,
            use_cache=use_cache,
            output_hidden_states=True,
            **inputs,
            **{self._cache_argument: cache},
        )
        return output.logits, output.hidden_states[-1], output.get(self._cache_argument)

    def values(self, hidden: Tensor) -> Tensor:
        """Return V in [-1, 1], fp32, from last hidden states. [..., H] -> [...]."""
        return torch.tanh(self.value_head(hidden.to(self.value_head.weight.dtype))).squeeze(-1).float()

    def pieces(self, state: State) -> Iterator[tuple[int, ...]]:
        """Yield the tokens of a state part by part; see `StateEncoder.pieces`."""
        return self.encoder.pieces(state)

    def encode(self, state: State) -> list[int]:
        """Return the tokens of a rendered state."""
        return self.encoder.state(state)


def zero_head(hidden_size: int) -> nn.Linear:
    """Return a fresh value head in fp32, at zero: V = 0 everywhere."""
    head = nn.Linear(hidden_size, 1, dtype=torch.float32)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    return head
