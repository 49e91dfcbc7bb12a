"""What is kept of a finished seed: enough to make the report again, small enough to lie in the repository.

    KEPT/seed-S/findings.json, findings/SET-round-K.jsonl, round-K/metrics.json

as in a run's directory, without the solutions, the questions (their ids stand in their place) and the training's log.
"""

import json
from pathlib import Path
from typing import Any, Final

from agents.reporting.files import read_lines, write_bytes, write_json
from agents.training.run_files import all_metrics
from benchmarks._runs import DONE

_FIELDS: Final = (
    "agent", "seed", "id", "source", "subject", "level", "answer", "reference", "status", "correct", "end", "value",
    "answers", "right_answers", "steps", "generated_tokens", "prefilled_tokens", "model_calls", "model_seconds",
    "place",
)  # fmt: skip


def keep_seed(folder: Path, kept: Path) -> None:
    """Write what the report needs of a seed that is done to `kept`, a directory of the same layout."""
    for path in sorted((folder / "findings").glob("*.jsonl")):
        lines = [json.dumps(_short(line)) for line in read_lines(path)]
        (kept / "findings").mkdir(parents=True, exist_ok=True)
        write_bytes(kept / "findings" / path.name, "".join(f"{line}\n" for line in lines).encode())
    for number, metrics in all_metrics(folder).items():
        (kept / f"round-{number}").mkdir(parents=True, exist_ok=True)
        told = {name: value for name, value in metrics.items() if name != "training"}
        write_json(kept / f"round-{number}" / "metrics.json", told)
    write_json(kept / DONE, json.loads((folder / DONE).read_text()))


def _short(line: dict[str, Any]) -> dict[str, Any]:
    rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in line.items()}
    return {name: rounded[name] for name in _FIELDS} | {"question": line["id"]}
