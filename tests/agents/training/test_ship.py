"""A run's model becomes one that ships."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from agents.model import checkpoint, load_model, resolve_model, save_model
from agents.reporting.files import write_json
from agents.training.ship import ShipConfig, ship
from tests.agents.training.toys import tiny_model


def run_of(folder: Path) -> Path:
    """A run of two rounds, the second of which is under way."""
    options = {"run_dir": "/tmp/mini", "model": "/somewhere/base", "problems": ["mini-gsm", "/home/me/mine.jsonl"]}
    write_json(folder / "config.json", {"config": options, "problems": 4})
    for number in (1, 2):
        made = {"made_by": "amz train", "round": number, "config": options, "log": []}
        model = tiny_model()
        torch.nn.init.constant_(model.value_head.weight, number / 8)
        save_model(model, folder / f"round-{number}" / "checkpoint", training=made)
        metrics = {"data": {"solved": number}} | ({"evaluation": {}} if number == 1 else {})
        write_json(folder / f"round-{number}" / "metrics.json", metrics)
    return folder


def test_the_last_finished_round_ships_and_is_what_builtin_means(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builtin = tmp_path / "builtin"
    monkeypatch.setattr(checkpoint, "BUILTIN", builtin)
    save_model(tiny_model(), builtin / "base")
    assert resolve_model("builtin") == resolve_model("builtin-base") == builtin / "base"

    run = run_of(tmp_path / "mini")
    target = ship(ShipConfig(run, into=builtin))
    assert target == builtin / "round1" == resolve_model("builtin") == resolve_model("builtin-round1")
    assert resolve_model("builtin-base") == builtin / "base"
    assert load_model("builtin").value_head.weight.unique().tolist() == [1 / 8]
    assert json.loads((target / "metrics.json").read_text())["data"] == {"solved": 1}
    for name in ("run.json", "training.json"):
        options = json.loads((target / name).read_text())["config"]
        assert options == {"run_dir": "mini", "model": "base", "problems": ["mini-gsm", "mine.jsonl"]}

    (builtin / "round10").mkdir()
    (builtin / "round10" / "config.json").write_text("{}")
    assert resolve_model("builtin") == builtin / "round10"  # by number, not by letters


def test_a_pretrained_model_ships_as_the_base(tmp_path: Path) -> None:
    run = tmp_path / "pretrain"
    save_model(
        tiny_model(), run / "checkpoint", training={"made_by": "amz pretrain", "config": {"out": "/tmp/pretrain"}}
    )
    write_json(run / "config.json", {"out": "/tmp/pretrain", "seed": 0})
    lines = [{"step": 20, "phase": "clean", "loss": 2.0}, {"step": 40, "phase": "clean", "loss": 1.0}]
    (run / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    target = ship(ShipConfig(run, into=tmp_path / "builtin"))
    assert target == tmp_path / "builtin" / "base" and load_model(target).tokenizer is not None
    weights = load_file(target / "model.safetensors")
    assert all(
        torch.equal(weights[name], each.bfloat16())
        for name, each in load_file(run / "checkpoint" / "model.safetensors").items()
    )
    assert load_model(target).lm.dtype == torch.float32  # on a CPU
    assert json.loads((target / "run.json").read_text()) == {"out": "pretrain", "seed": 0}
    assert json.loads((target / "training.json").read_text())["config"] == {"out": "pretrain"}
    assert json.loads((target / "metrics.json").read_text()) == {"last_log_of_phase": {"clean": lines[1]}}


def test_a_round_that_is_not_finished_does_not_ship(tmp_path: Path) -> None:
    run = run_of(tmp_path / "mini")
    with pytest.raises(ValueError, match="no finished round 2"):
        ship(ShipConfig(run, round=2, into=tmp_path / "builtin"))
    with pytest.raises(ValueError, match="no finished round"):
        ship(ShipConfig(tmp_path / "nowhere", into=tmp_path / "builtin"))
    assert not (tmp_path / "builtin").exists()
