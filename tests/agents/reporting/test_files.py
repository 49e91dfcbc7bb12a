import json

import pytest

from agents.reporting.files import open_lines, read_lines, write_bytes, write_json, write_line


def test_a_half_written_last_line_is_dropped_and_then_replaced(tmp_path):
    path = tmp_path / "lines.jsonl"
    path.write_text('{"n": 1}\n{"n": 2}\n{"n": 3, "te')
    assert [record["n"] for record in read_lines(path)] == [1, 2]
    with open_lines(path) as file:
        write_line(file, {"n": 4})
    assert [json.loads(line)["n"] for line in path.read_text().splitlines()] == [1, 2, 4]


def test_a_file_that_is_one_half_line_is_begun_anew(tmp_path):
    path = tmp_path / "deep" / "lines.jsonl"
    path.parent.mkdir()
    path.write_text('{"x": "' + "y" * 200_000)
    with open_lines(path) as file:
        write_line(file, {"n": 1})
    assert path.read_text() == '{"n": 1}\n'


def test_a_last_line_that_only_lacks_its_end_is_kept(tmp_path):
    path = tmp_path / "lines.jsonl"
    path.write_text('{"n": 1}\n{"n": 2}')
    with open_lines(path) as file:
        write_line(file, {"n": 3})
    assert [record["n"] for record in read_lines(path)] == [1, 2, 3]


def test_a_file_of_something_else_is_left_as_it_is(tmp_path):
    path = tmp_path / "tree.json"
    path.write_text('{\n "n": 1\n}')
    with pytest.raises(ValueError, match="does not hold JSON objects, one a line"):
        open_lines(path)
    assert path.read_text() == '{\n "n": 1\n}'


def test_lines_are_on_disk_before_the_file_is_closed(tmp_path):
    path = tmp_path / "lines.jsonl"
    with open_lines(path) as file:
        write_line(file, {"text": "a\nb\u2028\ud800"})
        assert list(read_lines(path)) == [{"text": "a\nb\u2028\ud800"}]


@pytest.mark.parametrize(("bad", "why"), [("{oops\n", "not JSON"), ("[1]\n", "a JSON object")])
def test_a_broken_line_is_named_by_file_and_line(tmp_path, bad, why):
    path = tmp_path / "lines.jsonl"
    path.write_text('{"n": 1}\n' + bad + '{"n": 3}\n')
    with pytest.raises(ValueError, match=rf"lines\.jsonl:2: .*{why}"):
        list(read_lines(path))


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path):
    path = tmp_path / "results.json"
    write_json(path, {"n": 1})
    with pytest.raises(TypeError):
        write_json(path, {"n": object()})
    with pytest.raises(TypeError):
        write_bytes(path, "text, not bytes")
    assert json.loads(path.read_text()) == {"n": 1}
    assert [each.name for each in tmp_path.iterdir()] == ["results.json"]
