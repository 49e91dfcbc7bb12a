"""States to tokens and back. What a program printed is encoded as plain text: a printed `</output>` is no tag."""

import functools
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

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
        saved = _without_edges(tokenizer.backend_tokenizer.to_str())
        trusted, plain = Tokenizer.from_str(saved), Tokenizer.from_str(saved)
        plain.encode_special_tokens = True
        self._decoder = trusted
        bos = tokenizer.bos_token_id
        self.bos: tuple[int, ...] = (bos,) if bos is not None and tokenizer("a").input_ids[:1] == [bos] else ()
        self.preamble: tuple[int, ...] = ()

        @functools.lru_cache(maxsize=1 << 16)
        def encode(text: str, is_trusted: bool) -> tuple[int, ...]:
            encoder = trusted if is_trusted else plain
            known = text.encode("utf-8", "replace").decode()  # half a surrogate pair has no encoding
            return tuple(encoder.encode(known, add_special_tokens=False).ids) if known else ()

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
        return str(self._decoder.decode(list(token_ids), skip_special_tokens=False))


def _without_edges(saved: str) -> str:
    """Return a saved tokenizer that treats the beginning and end of a text as it does the middle.

    States are encoded piece by piece. A tokenizer of the SentencePiece kind would put a space before every piece, and
    take one away when it decodes; saved with truncation or padding, one would cut and fill them.
    """
    parts = json.loads(saved)
    parts["truncation"] = parts["padding"] = None
    parts["normalizer"] = _pruned(parts.get("normalizer"), "normalizers", {"Prepend"})
    parts["decoder"] = _pruned(parts.get("decoder"), "decoders", {"Strip"})
    for part, plural in (("pre_tokenizer", "pretokenizers"), ("decoder", "decoders")):
        for each in _flat(parts.get(part), plural):
            each |= {"prepend_scheme": "never"} if "prepend_scheme" in each else {}
            each |= {"add_prefix_space": False} if "add_prefix_space" in each else {}
    return json.dumps(parts)


def _pruned(part: dict[str, Any] | None, plural: str, unwanted: set[str]) -> dict[str, Any] | None:
    """Return a part of a tokenizer, which may be a sequence of parts, without those of some types."""
    kept = [each for each in _flat(part, plural) if each["type"] not in unwanted]
    return {"type": "Sequence", plural: kept} if kept else None


def _flat(part: dict[str, Any] | None, plural: str) -> list[dict[str, Any]]:
    if part is None:
        return []
    return [inner for each in part[plural] for inner in _flat(each, plural)] if part["type"] == "Sequence" else [part]
