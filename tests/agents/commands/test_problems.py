import json

import pytest

from agents import cli
from amz_env import load_problems


def amz(capsys, *arguments):
    code = cli.run(["problems", *map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_columns_named_on_the_command_line_make_a_file_that_needs_no_names(tmp_path, capsys):
    table = tmp_path / "table.csv"
    table.write_text("prompt,gold\nWhat is 1 + 1?,#### 2\nWhat?,\n")
    code, out, err = amz(capsys, table, "--question-key", "prompt", "--answer-key", "gold", "--json")
    (tmp_path / "problems.jsonl").write_text(out)
    (problem,) = load_problems(tmp_path / "problems.jsonl")
    assert (code, problem.question, problem.answer) == (0, "What is 1 + 1?", "2")
    assert err == f"amz: warning: {table}: skipped 1 records (1 with an empty answer)\n"


def test_a_column_that_is_not_there_is_one_line(tmp_path, capsys):
    (tmp_path / "table.csv").write_text("prompt,gold\nWhat?,2\n")
    code, out, err = amz(capsys, tmp_path / "table.csv", "--question-key", "query")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1 and "no question (looked for 'query' among the columns 'prompt', 'gold')" in err


def test_a_file_of_answers_that_only_their_source_can_judge_comes_with_a_warning(capsys):
    pytest.importorskip("reasoning_gym", reason="reasoning-gym is not installed (extra [reasoning-gym])")
    code, out, err = amz(capsys, "reasoning-gym:caesar_cipher,reasoning-gym:gcd", "--show", "2", "--json")
    records = [json.loads(line) for line in out.splitlines()]
    assert (
        code == 0
        and [record["source"] for record in records] == ["reasoning-gym:caesar_cipher"] * 2 + ["reasoning-gym:gcd"] * 2
    )
    assert "of 2 problems the source itself judges the answers" in err
