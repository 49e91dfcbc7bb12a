"""Policy and value in one model: any causal language model of `transformers` plus one linear layer.

    V(s) = tanh(w . h(s) + u l(s) + b),  h(s) the last hidden state (after the final norm) at the last token of s,
                                         l(s) = log pi of all tokens that the policy wrote in s, in nats

(paper, section 3.3, where u = 0: it is learned only where training is told so). The last token of a state is the line
end that follows `</step>`, as in the released code. The head is kept in fp32 and starts at zero, so that V = 0 before
training; N(0, 0.02) weights, as in the paper, give a random offset that grows with the hidden size.

Why l(s): how surprising a token was shows only when it is compared with what the last layer predicted, and no layer
follows that could tell. So h(s) does not hold what tells slips from sound steps best.
"""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from agents.model.encoding import StateEncoder
from amz_env.dynamics import State

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


class ValueHead(nn.Linear):
    """H -> 1 linear layer in fp32 (w, b) and the weight of the likelihood (u), all at zero: V = 0 everywhere.

    Args:
        hidden_size: H.
    """

    def __init__(self, hidden_size: int) -> None:
        super().__init__(hidden_size, 1, dtype=torch.float32)
        nn.init.zeros_(self.weight)
        nn.init.zeros_(self.bias)
        self.likelihood = nn.Parameter(torch.zeros(1))

    def forward(self, hidden: Tensor, likelihood: Tensor | None = None) -> Tensor:
        """Return V in [-1, 1], fp32. [..., H], [...] -> [...]."""
        score = super().forward(hidden.to(self.weight.dtype)).squeeze(-1)
        return torch.tanh(score if likelihood is None else score + self.likelihood * likelihood).float()


class PolicyValueModel(nn.Module):
    """A causal LM with a value head, and its tokenizer.

    Letters of shapes: B rows, T tokens, H hidden size, V vocabulary.

    Args:
        lm: any causal language model of `transformers`.
        tokenizer: its tokenizer, a fast one.
        value_head: the value head; a fresh one by default.

    Raises:
        TypeError: the tokenizer is not a fast one.
    """

    def __init__(
        self, lm: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", value_head: ValueHead | None = None
    ) -> None:
        super().__init__()
        self.lm = lm
        self.encoder = StateEncoder(tokenizer)
        self.value_head = value_head if value_head is not None else ValueHead(lm.config.get_text_config().hidden_size)
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
    def reads_likelihood(self) -> bool:
        """Whether V depends on how likely the policy finds a path."""
        return bool(self.value_head.likelihood != 0)

    @property
    def context(self) -> int:
        """Tokens that fit the model's context."""
        return int(getattr(self.lm.config.get_text_config(), "max_position_embeddings", None) or 1 << 30)

    def forward(
        self,
        input_ids: Tensor,
        *,
        wanted: Tensor | None = None,
        sampled: Tensor | None = None,
        cache: Any = None,
        use_cache: bool = True,
        **inputs: Any,
    ) -> tuple[Tensor, Tensor, Any]:
        """Run the language model and read the value at every position.

        Args:
            input_ids: [B, T]
            wanted: positions whose logits are computed; all by default. bool [B, T]
            sampled: tokens that the policy wrote, where V is to read their likelihood as well; logits must then be
                wanted before each of them. bool [B, T]
            cache: a `transformers` cache to continue, or None.
            use_cache: whether to keep keys and values; training does not.
            inputs: further ones of the language model. Without an `attention_mask` all tokens are real, or what is not
                stands behind them, where causal attention does not look.

        Returns:
            logits [B, T, V], or of the M `wanted` positions [M, V], values in [-1, 1] [B, T] (fp32), and the cache,
            None without one.
        """
        with logits_at(self.lm, wanted) if wanted is not None else nullcontext():
            logits, hidden, cache = self.read(input_ids, cache=cache, use_cache=use_cache, **inputs)
        likelihood = None if sampled is None else path_likelihood(logits, input_ids, sampled, wanted)
        return logits, self.value_head(hidden, likelihood), cache

    def read(
        self, input_ids: Tensor, *, cache: Any = None, use_cache: bool = True, **inputs: Any
    ) -> tuple[Tensor, Tensor, Any]:
        """Run the language model; return logits, the last hidden states [B, T, H], and the cache, None without one."""
        # Logits are taken from the LM itself: recomputing them from h would miss e.g. Gemma-2's soft-cap.
        output = self.lm(
            input_ids=input_ids,
            use_cache=use_cache,
            output_hidden_states=True,
            **inputs,
            **{self._cache_argument: cache},
        )
        return output.logits, output.hidden_states[-1], output.get(self._cache_argument)

    def pieces(self, state: State) -> Iterator[tuple[int, ...]]:
        """Yield the tokens of a state part by part; see `StateEncoder.pieces`."""
        return self.encoder.pieces(state)

    def encode(self, state: State) -> list[int]:
        """Return the tokens of a rendered state."""
        return self.encoder.state(state)


def path_likelihood(logits: Tensor, input_ids: Tensor, sampled: Tensor, wanted: Tensor | None = None) -> Tensor:
    """Return l at every position: log pi, in nats, of what the policy wrote up to there. No gradient passes.

    Args:
        logits: of the M `wanted` positions, [M, V], or of all, [B, T, V].
        input_ids: [B, T]
        sampled: tokens that the policy wrote, the first of a row excepted. bool [B, T]
        wanted: positions that have logits. bool [B, T]

    Returns:
        [B, T], fp32
    """
    before = predicting(sampled)
    chosen = (logits[before] if wanted is None else logits[before[wanted]]).detach()
    logprobs = log_probabilities(chosen, input_ids[:, 1:][sampled[:, 1:]])
    found = torch.zeros(sampled.shape, device=sampled.device)
    return found.masked_scatter(functional.pad(sampled[:, 1:], (1, 0)), logprobs).cumsum(1)


def log_probabilities(logits: Tensor, tokens: Tensor) -> Tensor:
    """Return log pi of tokens at temperature 1, in nats, fp32, by the logits before each. [M, V], [M] -> [M]."""
    return -functional.cross_entropy(logits.float(), tokens, reduction="none")


def predicting(tokens: Tensor) -> Tensor:
    """Return the positions before some tokens, at which these are predicted. bool [B, T] -> bool [B, T]."""
    return functional.pad(tokens[:, 1:], (0, 1))


@contextmanager
def logits_at(lm: "PreTrainedModel", wanted: Tensor) -> Iterator[None]:
    """Let a language model compute logits at some positions of a batch alone: [M, V] in place of [B, T, V].

    What the model does to its logits afterwards (a soft cap, a scale) it still does. With a vocabulary of thousands the
    logits cost a small model as much as its layers, and few positions are needed: those before tokens that the policy
    sampled.

    Args:
        lm: the language model; it must compute its logits by `get_output_embeddings()`.
        wanted: the positions, of which there are M. bool [B, T]
    """
    handle = lm.get_output_embeddings().register_forward_pre_hook(lambda _, inputs: (inputs[0][wanted], *inputs[1:]))
    try:
        yield
    finally:
        handle.remove()
