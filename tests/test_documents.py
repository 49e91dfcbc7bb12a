"""The code that README.md and docs/grading.md show runs, and prints what they say."""

import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


def shown(document: str) -> list[str]:
    """The Python that a document shows, in order."""
    return re.findall(r"^```python\n(.*?)^```", (ROOT / document).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_code_of_the_readme_runs_from_top_to_bottom(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    environment, files, searches, search = shown("README.md")
    names: dict[str, Any] = {}
    exec(environment, names)
    assert names["terminated"] and names["reward"] in (1.0, -1.0)
    assert names["info"]["reference"] in capsys.readouterr().out
    assert "load_problems" in files  # of files that the reader has
    exec(searches.replace("simulations=40", "simulations=4").replace("20", "2"), names)
    assert len(names["solutions"]) == 2 and names["action"].startswith("<step>")
    exec(search, names)
    (solution,) = names["agent"].solve(["What is 3 plus 4?"])
    assert solution.state.steps and solution.cost.generated_tokens > 0


def test_the_grades_of_the_page_on_grading_are_as_it_says() -> None:
    (block,) = shown("docs/grading.md")
    names: dict[str, Any] = {}
    told = 0
    for line in filter(None, block.splitlines()):
        code, _, comment = line.partition("  # ")
        if comment:
            assert comment.startswith(repr(eval(code, names))), line
            told += 1
        else:
            exec(code, names)
    assert told == 4
