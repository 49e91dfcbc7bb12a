"""Models on disk: a normal Hugging Face directory with `value_head.safetensors` beside it.

The backbone stays loadable by everyone (transformers, vLLM, PEFT). Also read: the authors' AlphaMath-7B layout, whose
head is a pickled `value_head.pth`.
"""

import json
import re
from pathlib import Path

import torch

from agents.model.gpus import own_device
from agents.model.policy_value import PolicyValueModel, ValueHead

BUILTIN = Path(__file__).parent / "builtin"
HEAD_FILE = "value_head.safetensors"
AUTHORS_HEAD_FILE = "value_head.pth"
_ROUND = re.compile(r"round(\d+)")


def resolve_model(name: str) -> Path:
    """Return the directory of a model that ships (``builtin``, ``builtin-base``, ``builtin-round3``) or of a path.

    ``builtin`` is the model of the latest round that ships, the base model where none does.

    Raises:
        ValueError: no such model or directory; the message says what there is.
    """
    if name.startswith("builtin"):
        path = BUILTIN / (name.removeprefix("builtin").lstrip("-") or _latest_stage())
        if not (path / "config.json").exists():
            known = sorted(f"builtin-{each.parent.name}" for each in BUILTIN.glob("*/config.json"))
            raise ValueError(f"no model {name!r} ships (there are: {', '.join(['builtin', *known])})")
        return path
    path = Path(name).expanduser()
    if not (path / "config.json").exists():
        raise ValueError(
            f"{name!r} is not a model directory (no config.json in it) nor the name of a model that ships;"
            " nothing is downloaded here, so give the directory of a model that you have"
        )
    return path


def _latest_stage() -> str:
    rounds = [int(found[1]) for path in BUILTIN.glob("*/config.json") if (found := _ROUND.fullmatch(path.parent.name))]
    return f"round{max(rounds)}" if rounds else "base"


def load_model(name: str | Path, *, device: str = "cpu", dtype: torch.dtype | None = None) -> PolicyValueModel:
    """Load a policy and value model.

    Args:
        name: a model that ships, as ``builtin``, or a directory in the Hugging Face layout. A directory without a value
            head gets a zero one.
        device: where to put it; for `cuda` and `auto`, see `own_device`.
        dtype: of the language model, fp32 by default on a CPU and as stored elsewhere; the head is always fp32.

    Raises:
        ValueError: nothing to load there, or no GPU where one is asked for.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()  # a bar for a file that loads in milliseconds is noise among our own
    device = own_device(device)
    path = resolve_model(str(name))
    wanted = dtype or (torch.float32 if device == "cpu" else "auto")
    lm = AutoModelForCausalLM.from_pretrained(path, dtype=wanted, local_files_only=True)
    tokenizer = AutoTokenizer.from_pretrained(path, local_files_only=True)
    model = PolicyValueModel(lm, tokenizer, _load_head(path, lm.config.get_text_config().hidden_size))
    return model.to(device).eval()


def save_model(model: PolicyValueModel, path: Path, *, training: dict[str, object] | None = None) -> None:
    """Write a model directory; `training` says how it was made and becomes `training.json`."""
    from safetensors.torch import save_file

    path.mkdir(parents=True, exist_ok=True)
    model.lm.save_pretrained(path)
    model.tokenizer.save_pretrained(path)
    head = {name: tensor.detach().float().cpu().contiguous() for name, tensor in model.value_head.state_dict().items()}
    save_file(head, path / HEAD_FILE)
    if training is not None:
        (path / "training.json").write_text(json.dumps(training, indent=2) + "\n")


def has_value_head(path: Path) -> bool:
    """Return whether a value head, ours or the authors', stands beside the weights: the model has been trained here."""
    return any((path / name).exists() for name in (HEAD_FILE, AUTHORS_HEAD_FILE))


def _load_head(path: Path, hidden_size: int) -> ValueHead:
    from safetensors.torch import load_file

    head = ValueHead(hidden_size)
    if (path / HEAD_FILE).exists():
        saved = load_file(path / HEAD_FILE)
    elif (path / AUTHORS_HEAD_FILE).exists():
        theirs = torch.load(path / AUTHORS_HEAD_FILE, map_location="cpu", weights_only=True)
        saved = {name.removeprefix("v_head.summary."): tensor.float() for name, tensor in theirs.items()}
    else:
        return head
    head.load_state_dict({"likelihood": torch.zeros(1)} | saved)  # theirs, and our older ones, do not read it
    return head
