"""Models on disk."""

from collections import OrderedDict
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from agents.model import load_model, resolve_model, save_model
from agents.model.checkpoint import AUTHORS_HEAD_FILE, HEAD_FILE
from agents.model.tokenizer import train_tokenizer
from tests.tiny import TEXTS, tiny_model


def outputs(model):  # type: ignore[no-untyped-def]
    ids = torch.arange(5, 25)[None]
    ones, positions = torch.ones_like(ids), torch.arange(20)[None]
    with torch.inference_mode():
        return model(ids, attention_mask=ones, position_ids=positions)[:2]


@pytest.mark.parametrize("family", ["llama", "gpt2"])
def test_a_saved_model_computes_the_same(tmp_path: Path, family: str) -> None:
    model = tiny_model(family)
    save_model(model, tmp_path, training={"made_by": "test"})
    for before, after in zip(outputs(model), outputs(load_model(tmp_path)), strict=True):
        torch.testing.assert_close(before, after, atol=1e-5, rtol=1e-5)
    assert (tmp_path / HEAD_FILE).exists() and (tmp_path / "training.json").exists()


def test_a_plain_checkpoint_gets_a_zero_head_and_so_value_zero(tmp_path: Path) -> None:
    # The released code's random head is a large constant offset; a fresh head here says nothing yet.
    model = tiny_model()
    model.lm.save_pretrained(tmp_path)
    model.tokenizer.save_pretrained(tmp_path)
    assert outputs(load_model(tmp_path))[1].abs().max() == 0


def test_the_authors_pickled_head_is_read(tmp_path: Path) -> None:
    model = tiny_model()
    model.lm.save_pretrained(tmp_path)
    model.tokenizer.save_pretrained(tmp_path)
    head = model.value_head
    saved = OrderedDict(
        {f"v_head.summary.{name}": getattr(head, name).detach().bfloat16() for name in ("weight", "bias")}
    )
    torch.save(saved, tmp_path / AUTHORS_HEAD_FILE)
    loaded = load_model(tmp_path).value_head
    assert loaded.weight.dtype == torch.float32
    torch.testing.assert_close(loaded.weight, head.weight.detach().bfloat16().float())
    assert loaded.likelihood == 0.0


def test_the_weight_of_the_likelihood_is_kept_and_an_older_head_has_none(tmp_path: Path) -> None:
    model = tiny_model()
    torch.nn.init.constant_(model.value_head.likelihood, 0.25)
    save_model(model, tmp_path)
    assert load_model(tmp_path).value_head.likelihood == 0.25
    assert load_model(tmp_path).reads_likelihood
    older = {name: getattr(model.value_head, name).detach() for name in ("weight", "bias")}
    save_file(older, tmp_path / HEAD_FILE)
    loaded = load_model(tmp_path)
    assert torch.equal(loaded.value_head.weight, model.value_head.weight)
    assert not loaded.reads_likelihood


def test_a_malicious_pickle_is_refused(tmp_path: Path) -> None:
    model = tiny_model()
    model.lm.save_pretrained(tmp_path)
    model.tokenizer.save_pretrained(tmp_path)
    torch.save({"v_head.summary.weight": Path("x")}, tmp_path / AUTHORS_HEAD_FILE)
    with pytest.raises(Exception, match=r"(?i)weights.only"):
        load_model(tmp_path)


def test_unknown_models_are_clear_errors(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a model directory"):
        resolve_model(str(tmp_path))
    with pytest.raises(ValueError, match="no model 'builtin-x' ships"):
        resolve_model("builtin-x")


@pytest.mark.parametrize("text", ["", "x = 12345", "½ é ∞ 日本 \x00", "a\n\n  b\t", "</step><|end|>```python"])
def test_the_tokenizer_is_lossless(text: str) -> None:
    encoder = tiny_model().encoder
    for trusted in (True, False):
        assert encoder.decode(encoder.text(text, trusted=trusted)) == text


def test_tags_line_ends_and_pairs_of_digits_are_single_tokens() -> None:
    from agents.model.encoding import StateEncoder

    encoder = StateEncoder(train_tokenizer(TEXTS, 4000))
    for text in ("<step>", "</code>", "</output>", "\n", "```python", "7", "42", "07"):
        assert len(encoder.text(text, trusted=True)) == 1, text
    assert len(encoder.text("987654", trusted=True)) == 3
    assert len(encoder.text(" 42", trusted=True)) == 2  # the number's token is the same in text and in code


def test_a_device_that_is_not_there_is_a_clear_error() -> None:
    with pytest.raises(ValueError, match="no device 'gpu'"):
        load_model("builtin-base", device="gpu")


def test_a_missing_gpu_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)  # so that it says the same where there is one
    with pytest.raises(ValueError, match="finds no GPU"):
        load_model("builtin-base", device="cuda")
