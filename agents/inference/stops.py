"""Where a step ends: the stop strings, for tokenizers in which a tag is one token and for those in which it is many."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from agents.model.policy_value import PolicyValueModel

STOPS = ("</code>", "</step>")
TAIL = 12
"""Tokens that a stop string can span, with room: `StopRule.ends` needs no more of them."""


class StopRule:
    """Tells whether sampled tokens have reached the end of a step."""

    def __init__(self, model: PolicyValueModel) -> None:
        self._encoder = model.encoder
        ids = model.tokenizer.get_vocab()
        self._single = {ids[stop] for stop in STOPS if stop in ids}
        self._eos = {model.tokenizer.eos_token_id} - {None}
        # Where both tags are tokens they are the only way to write one; elsewhere text is searched, but only when the
        # newest token can have completed a tag.
        all_single = len(self._single) == len(STOPS)
        self._closers = set() if all_single else {index for token, index in ids.items() if ">" in token}
        size = max(model.lm.get_input_embeddings().weight.shape[0], *ids.values()) + 1
        self._may_end = np.zeros(size, dtype=bool)
        self._may_end[[*self._single, *self._eos, *self._closers]] = True

    def may_end(self, tokens: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return which of many newest tokens can end a step; `ends` decides. [R] -> [R]."""
        found: np.ndarray[Any, Any] = self._may_end[tokens]
        return found

    def ends(self, token_ids: Sequence[int]) -> bool:
        """Return whether the newest token ends the step."""
        newest = token_ids[-1]
        if newest in self._single or newest in self._eos:
            return True
        return newest in self._closers and any(stop in self._encoder.decode(token_ids[-TAIL:]) for stop in STOPS)

    def finish(self, token_ids: Sequence[int]) -> tuple[str, tuple[int, ...]]:
        """Return the step's text, cut after its first stop string, and the tokens that stand for exactly that text."""
        ids = tuple(token_ids)
        if ids and ids[-1] in self._eos:
            ids = ids[:-1]
        text = self._encoder.decode(ids)
        ends = [text.index(stop) + len(stop) for stop in STOPS if stop in text]
        if not ends or min(ends) == len(text):
            return text, ids
        # The last token runs past the tag (`>\n` in some vocabularies): the text rules.
        text = text[: min(ends)]
        return text, self._encoder.text(text, trusted=True)
