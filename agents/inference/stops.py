"""Where a step ends: at a closing tag, be it one token of the vocabulary or many, or where a python fence closes."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from agents.model.policy_value import PolicyValueModel
from amz_env.steps import STOPS, StepFormat, step_end

_TAIL = 12  # tokens that a tag can span, with room


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
        tags = set() if all_single else {index for token, index in ids.items() if ">" in token}
        fences = {index for token, index in ids.items() if "`" in token or token == "<0x60>"}  # that byte, in some
        self._closers: dict[StepFormat, set[int]] = {"alphamath": tags, "plain": fences}
        size = max(model.lm.get_input_embeddings().weight.shape[0], *ids.values()) + 1
        self._may_end = np.zeros(size, dtype=bool)
        self._may_end[[*self._single, *self._eos, *tags, *fences]] = True

    def may_end(self, tokens: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return which of many newest tokens can end a step, of whatever format; `ends` decides. [R] -> [R]."""
        found: np.ndarray[Any, Any] = self._may_end[tokens]
        return found

    def ends(self, token_ids: Sequence[int] | np.ndarray[Any, Any], step_format: StepFormat) -> bool:
        """Return whether the newest of a step's tokens ends it."""
        newest, tagged = int(token_ids[-1]), step_format == "alphamath"
        if newest in self._eos or (tagged and newest in self._single):
            return True
        if newest not in self._closers[step_format]:
            return False
        written = token_ids[-_TAIL:] if tagged else token_ids  # a fence may have been opened long before
        return step_end(self._encoder.decode([int(token) for token in written]), step_format) is not None

    def finish(self, token_ids: Sequence[int], step_format: StepFormat) -> tuple[str, tuple[int, ...]]:
        """Return the step's text, cut after its end, and the tokens that stand for exactly that text."""
        ids = tuple(token_ids)
        if ids and ids[-1] in self._eos:
            ids = ids[:-1]
        text = self._encoder.decode(ids)
        end = step_end(text, step_format)
        if end is None or end == len(text):
            return text, ids
        # The last token runs past the tag (`>\n` in some vocabularies): the text rules.
        text = text[:end]
        return text, self._encoder.text(text, trusted=True)
