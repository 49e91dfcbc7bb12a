"""The gallery page shows every family, and what it shows is what the families draw."""

import re
from pathlib import Path

import pytest

from amz_env.problems import BUILTIN, families
from amz_env.problems.gallery import main, section

PAGE = Path(__file__).parents[3] / "docs" / "gallery.md"


def test_the_page_has_every_family() -> None:
    headings = re.findall(r"^##+ (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [heading for name in BUILTIN for heading in (name, *families(name))]


@pytest.mark.parametrize("name", BUILTIN)
def test_the_page_is_up_to_date(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for subject in list(families(name))[::8]:
        assert f"\n\n{section(name, subject)}\n" in page, "run `python -m amz_env.problems.gallery`"


def test_a_section_shows_question_solution_and_answer() -> None:
    shown = section("mini-gsm", "percent")
    assert shown.startswith("### percent\n\nLevel 3 of 1, 2, 3, 4, 5.\n\n```text\n")
    answer = re.search(r"Answer: `(\d+)`$", shown)
    assert answer and f"#> {answer[1]}" in shown
    assert max(map(len, shown.splitlines())) <= 100


def test_the_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8").count("\n### ") == sum(len(families(n)) for n in BUILTIN)
    assert "families" in capsys.readouterr().out
    assert main(["--help"]) == 2
