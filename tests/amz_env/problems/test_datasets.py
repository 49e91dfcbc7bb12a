import sys

import pytest

from amz_env import MathReasoningEnv, answer_action, load_problems
from amz_env.testing import ProblemSourceContract

ROWS = [{"problem": f"What is {n} / 3?", "solution": f"It is \\boxed{{{n}/3}}.", "level": n % 2} for n in range(40)]


@pytest.fixture
def datasets():
    return pytest.importorskip("datasets", reason="datasets is not installed (extra [datasets])")


class TestRows(ProblemSourceContract):
    def make_source(self):
        return load_problems(ROWS)


def test_rows_in_memory_are_split_by_hash_and_filtered():
    parts = [{p.question for p in load_problems(ROWS, split=split)} for split in ("train", "validation", "test")]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 40
    assert [p.id for p in load_problems(iter(ROWS), level=1, size=2)] == ["rows:2", "rows:4"]


@pytest.mark.parametrize(
    ("rows", "error", "message"),
    [
        ([{"question": "a"}], ValueError, "rows: row 1: no answer"),
        ([], ValueError, "rows: holds no problem"),
        ([GeneratorExit], ValueError, "row 1: expected an object with columns"),
        (7, TypeError, "a name, a path or rows .* got 7"),
        (b"mini-gsm", TypeError, "a name, a path or rows"),
    ],
)
def test_what_holds_no_rows_is_said(rows, error, message):
    with pytest.raises(error, match=message):
        load_problems(rows)


def test_a_dataset_object_plays_in_the_environment(datasets):
    data = datasets.Dataset.from_list(ROWS)
    problems = load_problems(data)
    assert [(p.question, p.answer, p.level) for p in problems[:2]] == [
        ("What is 0 / 3?", "0/3", 0),
        ("What is 1 / 3?", "1/3", 1),
    ]
    env = MathReasoningEnv(problems)
    env.reset(options={"index": 2})
    assert env.step(answer_action("So.", "2/3"))[1] == 1.0


def test_the_format_of_a_dataset_does_not_matter(datasets):
    data = datasets.Dataset.from_dict({"prompt": ["a", "b"], "gold": [0.5, 3.0]}).with_format("numpy")
    problems = load_problems(data, question_key="prompt", answer_key="gold")
    assert [p.answer for p in problems] == ["0.5", "3"]
    assert type(data[0]["gold"]).__module__ == "numpy"  # the caller's object is as it was


def test_a_saved_dataset_is_a_folder(datasets, tmp_path):
    datasets.Dataset.from_list(ROWS).save_to_disk(tmp_path / "thirds")
    problems = load_problems(tmp_path / "thirds")
    assert len(problems) == 40 and (problems[3].id, problems[3].source) == ("thirds:4", "thirds")
    assert 0 < len(load_problems(str(tmp_path / "thirds"), split="test")) < 20


def test_a_dictionary_of_datasets_has_its_own_splits(datasets, tmp_path):
    tables = {"train": datasets.Dataset.from_list(ROWS[:30]), "test": datasets.Dataset.from_list(ROWS[30:])}
    datasets.DatasetDict(tables).save_to_disk(tmp_path / "both")
    for source in (datasets.DatasetDict(tables), tables, tmp_path / "both"):
        assert [len(load_problems(source, split=split)) for split in ("train", "test")] == [30, 10]
        for split in (None, "all", "validation"):
            with pytest.raises(ValueError, match="has the splits train, test: name one of them"):
                load_problems(source, split=split)


def test_a_dictionary_of_one_dataset_is_split_by_hash(datasets):
    alone = datasets.DatasetDict({"train": datasets.Dataset.from_list(ROWS)})
    assert len(load_problems(alone)) == 40
    parts = [{p.question for p in load_problems(alone, split=split)} for split in ("train", "validation", "test")]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 40


def test_a_table_is_taken_whole_by_its_own_name(datasets):
    assert len(load_problems(datasets.DatasetDict({"test": datasets.Dataset.from_list(ROWS)}), split="test")) == 40
    named = {"main": ROWS[:30], "socratic": ROWS[30:]}
    assert [len(load_problems(named, split=split)) for split in named] == [30, 10]
    with pytest.raises(ValueError, match="has the splits main, socratic"):
        load_problems(named, split="other")
    with pytest.raises(ValueError, match="split must be one of"):
        load_problems({"main": ROWS}, split="other")


def test_a_saved_folder_without_the_package_names_the_extra(tmp_path, monkeypatch):
    (tmp_path / "dataset_info.json").write_text("{}")
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(ImportError, match=r"extra \[datasets\]"):
        load_problems(tmp_path)


def test_reasoning_gym_without_the_package_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "reasoning_gym", None)
    monkeypatch.setitem(sys.modules, "reasoning_gym.factory", None)
    with pytest.raises(ImportError, match=r"extra \[reasoning-gym\]"):
        load_problems("reasoning-gym:gcd")
