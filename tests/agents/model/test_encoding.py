"""States to tokens and back, with tokenizers of other kinds than the one that ships."""

import numpy as np
import pytest
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from agents.inference.stops import StopRule
from agents.model.encoding import StateEncoder
from amz_env import State, Step, TakenStep, code_action
from amz_env.steps import STOPS
from tests.tiny import tiny_model, tiny_tokenizer

STATE = State("How many?", steps=(TakenStep(code_action("Add.", "print(1)"), Step("code"), "1"),))


def sentencepiece(kind: str) -> PreTrainedTokenizerFast:
    """Return a tokenizer that puts a space before every text, as Llama 2 (`Prepend`) and others (`Metaspace`) do."""
    pieces = ["<unk>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁"]
    tokenizer = Tokenizer(
        models.BPE(vocab={piece: place for place, piece in enumerate(pieces)}, merges=[], byte_fallback=True)
    )
    if kind == "Prepend":
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
        first = decoders.Replace("▁", " ")
        tokenizer.decoder = decoders.Sequence(
            [first, decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
        )
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
        tokenizer.decoder = decoders.Sequence(
            [decoders.ByteFallback(), decoders.Metaspace(prepend_scheme="always", split=False)]
        )
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>")


@pytest.mark.parametrize("kind", ["Prepend", "Metaspace"])
def test_a_tokenizer_that_begins_texts_with_a_space_adds_none_between_the_parts_of_a_state(kind: str) -> None:
    encoder = StateEncoder(sentencepiece(kind))
    assert encoder.decode(encoder.state(STATE)) == STATE.text
    assert encoder.decode(encoder.text(" 1", trusted=True)) == " 1"


def test_truncation_and_padding_that_were_saved_with_a_tokenizer_do_nothing() -> None:
    tokenizer = tiny_tokenizer()
    expected = StateEncoder(tokenizer).state(STATE)
    tokenizer("a", truncation=True, max_length=5, padding="max_length")  # it keeps both settings
    assert StateEncoder(tokenizer).state(STATE) == expected


@pytest.mark.parametrize("alone", STOPS)
def test_a_step_ends_at_both_tags_where_only_one_of_them_is_a_token(alone: str) -> None:
    tokenizer = sentencepiece("Prepend")
    tokenizer.add_tokens([alone])
    model = tiny_model()
    model.encoder = StateEncoder(tokenizer)
    rule = StopRule(model)
    for stop in STOPS:
        tokens = model.encoder.text(f"x{stop}", trusted=True)
        assert rule.may_end(np.array(tokens))[-1]
        assert rule.ends(tokens, "alphamath")
        assert rule.finish(tokens, "alphamath") == (f"x{stop}", tokens)


@pytest.mark.parametrize("bytes_alone", [True, False])
def test_a_step_of_plain_text_ends_where_its_python_fence_closes(bytes_alone: bool) -> None:
    model = tiny_model()
    if bytes_alone:
        model.encoder = StateEncoder(sentencepiece("Prepend"))
    rule = StopRule(model)
    step = "Look:\n```text\n1\n```\n</step>\n```python\nprint('```')\n```"
    tokens = model.encoder.text(step + "\n2\n```", trusted=True)
    ended = [count for count in range(1, len(tokens) + 1) if rule.ends(tokens[:count], "plain")]
    assert model.encoder.decode(tokens[: ended[0]]).rstrip() == step
    assert rule.finish(tokens[: ended[0]], "plain")[0] == step
    assert rule.may_end(np.array(tokens))[ended[0] - 1]
    assert rule.finish(tokens, "plain") == (step, model.encoder.text(step, trusted=True))
