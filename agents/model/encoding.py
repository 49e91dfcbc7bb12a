"""States to tokens and back. What a program printed is encoded as plain text: a printed `</output>` is no tag."""

import functools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from amz_env.dynamics import State
from amz_env.steps import closing

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


class StateEncoder:
    """Encodes rendered states with any fast tokenizer of `transformers`.

    Two copies of the tokenizer are kept: one in which tags are special tokens, for trusted parts, and one in which they
    are plain text, for the question and the interpreter's output.

    Attributes:
        tokenizer: the tokenizer.
        bos: the token that opens every text, () for a model that has none.
        preamble: tokens before the question of every state, after `bos`: worked examples for a few-shot prompt.

    Raises:
        TypeError: the tokenizer is not a fast one.
    """

    def __init__(self, tokenizer: "PreTrainedTokenizerBase") -> None:
        from tokenizers import Tokenizer

        if not getattr(tokenizer, "is_fast", False):
            raise TypeError(f"a fast tokenizer is needed, got {type(tokenizer).__name__}")
        self.tokenizer = tokenizer
        saved = tokenizer.backend_tokenizer.to_str()
        trusted, plain = Tokenizer.from_str(saved), Tokenizer.from_str(saved)
        plain.encode_special_tokens = True
        bos = tokenizer.bos_token_id
        self.bos: tuple[int, ...] = (bos,) if bos is not None and tokenizer("a").input_ids[:1] == [bos] else ()
        self.preamble: tuple[int, ...] = ()

        @functools.lru_cache(maxsize=1 << 16)
        def encode(text: str, is_trusted: bool) -> tuple[int, ...]:
            encoder = trusted if is_trusted else plain
            return tuple(encoder.encode(text, add_special_tokens=False).ids) if text else ()

        self._encode = encode

    def text(self, text: str, *, trusted: bool) -> tuple[int, ...]:
        """Return the tokens of a text; only in a trusted one are tags special tokens."""
        return self._encode(text, trusted)

    def pieces(self, state: State) -> Iterator[tuple[int, ...]]:
        """Yield the tokens of a state part by part: the question block, then action and closing of each step.

        A sampled action keeps the tokens it was sampled as.
        """
        opening, question, ending = [text for text, _ in State(state.question, state.rules).segments()]
        block = (*self._encode(opening, True), *self._encode(question, False), *self._encode(ending, True))
        yield (*self.bos, *self.preamble, *block)
        for taken in state.steps:
            yield taken.token_ids or self._encode(taken.action, True)
            before, shown, after = closing(taken.step.kind, taken.observation, state.rules.step_format)
            yield (*self._encode(before, True), *self._encode(shown, False), *self._encode(after, True))

    def state(self, state: State) -> list[int]:
        """Return the tokens of a rendered state."""
        return [token for piece in self.pieces(state) for token in piece]

    def decode(self, token_ids: Sequence[int]) -> str:
        """Return the text of tokens, tags included."""
        return str(self.tokenizer.backend_tokenizer.decode(list(token_ids), skip_special_tokens=False))
