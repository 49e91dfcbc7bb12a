import gzip
import json
import sys
import warnings
from pathlib import Path

import pytest

from amz_env import MathReasoningEnv, answer_action, grade, load_problems
from amz_env.problems.base import SPLITS
from amz_env.problems.files import read_problems
from amz_env.testing import ProblemSourceContract

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="needs the question-answer files of ../shared/data")
GOOD = {"question": "What is 1 + 1?", "answer": "2"}


def write(path, *records):
    lines = [record if isinstance(record, str) else json.dumps(record, ensure_ascii=False) for record in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def answer_of(tmp_path, record):
    (problem,) = read_problems(write(tmp_path / "one.jsonl", record))
    return problem.answer


class TestFileSource(ProblemSourceContract):
    @pytest.fixture(autouse=True)
    def _file(self, tmp_path):
        records = [{"question": f"What is {n} / 3?", "answer": f"{n}/3"} for n in range(9)]
        self.path = write(tmp_path / "thirds.jsonl", *records)

    def make_source(self):
        return load_problems(self.path)


# --- layouts


@pytest.mark.parametrize("proof", ["We add.\nWhat was to be shown.", "So \\boxed{\\frac{1}{2", "#### Proof\nClear."])
def test_a_solution_without_a_final_answer_is_skipped_and_counted(tmp_path, proof):
    path = write(tmp_path / "proofs.jsonl", {"problem": "p", "solution": proof}, {"problem": "q", "solution": "1"})
    with pytest.warns(UserWarning, match="skipped 1 records .1 with a solution without a final answer"):
        assert [problem.question for problem in read_problems(path)] == ["q"]


def test_what_a_table_writes_for_nothing_is_nothing(tmp_path):
    (tmp_path / "nan.jsonl").write_text('{"question": "q", "answer": NaN}\n{"question": "r", "answer": Infinity}\n')
    with pytest.warns(UserWarning, match="1 with an empty answer"):
        (problem,) = read_problems(tmp_path / "nan.jsonl")
    assert problem.answer == "Infinity"


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (["A) 1", "B) 2"], "\nA) 1\nB) 2"),
        ([1, 2.5], "\n1\n2.5"),
        ({"A": "one", "B": 2, "C": None}, "\nA) one\nB) 2"),
        ("a ) 38 , b ) 27", "\na ) 38 , b ) 27"),
        (None, ""),
    ],
)
def test_options_are_shown_however_they_are_kept(tmp_path, options, shown):
    (problem,) = read_problems(write(tmp_path / "o.jsonl", {"question": "q", "answer": "A", "options": options}))
    assert problem.question == "q" + shown


def test_options_that_cannot_be_shown_are_an_error(tmp_path):
    path = write(tmp_path / "o.jsonl", {"question": "q", "answer": "A", "options": [{"label": "A"}]})
    with pytest.raises(ValueError, match=r"o.jsonl:1: the options must be"):
        read_problems(path)


@pytest.mark.parametrize(
    ("record", "answer"),
    [
        ({"question": "q", "answer": " 5 "}, "5"),
        ({"problem": "q", "answer": "5"}, "5"),
        ({"question": "q", "answer": "So 2 + 3 = <<2+3=5>>5.\n#### 1,234,567"}, "1234567"),
        ({"problem": "q", "solution": "Thus $\\boxed{\\frac{1}{2}}$ or rather $\\boxed{\\{1, 2\\}}$."}, "\\{1, 2\\}"),
        ({"problem": "q", "solution": "Thus the answer is $\\boxed{\\frac{1}{\\sqrt{2}}}$."}, "\\frac{1}{\\sqrt{2}}"),
        ({"problem": "q", "solution": "We add: $1+2=\\boxed 3$."}, "3"),
        ({"problem": "q", "solution": "So it is \\boxed -3.5. That is all."}, "-3.5"),
        ({"question": "q", "answer": 5}, "5"),
        ({"question": "q", "answer": 0.10}, "0.1"),
        ({"question": "q", "answer": 0}, "0"),
        ({"question": "q", "answer": ["1/2", 0.5, "1/2"]}, ("1/2", "0.5")),
        ({"question": "q", "answer": ["7"]}, "7"),
        ({"question": "q", "answer": "(1,200)"}, "(1,200)"),
        ({"question": "q", "answer": "", "solution": "so \\boxed{4}"}, "4"),
        ({"question": "q", "solution": "#### Step 1\nWe add.\n#### Step 2\nSo it is \\boxed{5}."}, "5"),
        ({"question": "q", "solution": "Some \\boxed{3}, and then\n#### 5"}, "5"),
        ({"question": "q", "solution": "two words"}, "two words"),
    ],
)
def test_answers_are_found_in_every_layout(tmp_path, record, answer):
    assert answer_of(tmp_path, record) == answer


def test_numbers_stay_as_they_are_written(tmp_path):
    digits = "9" * 5_000
    records = ['{"question": "a", "answer": 0.10}', f'{{"question": "b", "answer": {digits}}}']
    assert [p.answer for p in read_problems(write(tmp_path / "n.jsonl", *records))] == ["0.10", digits]


def test_level_subject_options_and_place_are_kept(tmp_path):
    path = write(
        tmp_path / "set.v2.jsonl",
        {"problem": "p", "answer": "1", "level": "Level 3", "type": "Algebra"},
        "",
        {"question": "q", "answer": "B", "options": ["A)1", "B)2"], "level": 6, "subject": "Sets"},
        {"question": "r", "answer": "1", "level": "Level ?", "subject": None},
    )
    one, two, three = read_problems(path)
    assert (one.id, one.source, one.level, one.subject) == ("set:1", "set.v2.jsonl", 3, "Algebra")
    assert (two.id, two.question, two.level, two.subject) == ("set:3", "q\nA)1\nB)2", 6, "Sets")
    assert (three.level, three.subject, three.solution) == (0, "", ())


@pytest.mark.parametrize("content", [[GOOD], {"example": [GOOD]}, {"data": [GOOD], "version": 1}])
def test_json_holds_a_list_or_an_object_around_one(tmp_path, content):
    path = tmp_path / "set.json"
    path.write_text(json.dumps(content))
    (problem,) = read_problems(path)
    assert (problem.id, problem.question, problem.answer) == ("set:1", "What is 1 + 1?", "2")


def test_csv_and_tsv_with_quotes_and_line_breaks(tmp_path):
    text = 'question,answer,level\n"Say ""hi"",\nplease",hi,2\nWhat?,1,\n'
    (tmp_path / "set.csv").write_text(text)
    one, two = read_problems(tmp_path / "set.csv")
    assert (one.question, one.answer, one.level, two.level) == ('Say "hi",\nplease', "hi", 2, 0)
    (tmp_path / "set.tsv").write_text("problem\tsolution\nq, r\t\\boxed{3}\n")
    assert [(p.question, p.answer) for p in read_problems(tmp_path / "set.tsv")] == [("q, r", "3")]


def test_gzip_byte_order_mark_and_windows_line_ends(tmp_path):
    text = "\ufeff" + "\r\n".join(
        ['{"question": "√2 ≈ ?", "answer": "1.41"}', "", '{"question": "b", "answer": "1"}', ""]
    )
    path = tmp_path / "set.jsonl.gz"
    path.write_bytes(gzip.compress(text.encode("utf-8")))
    assert [(p.id, p.question) for p in read_problems(path)] == [("set:1", "√2 ≈ ?"), ("set:3", "b")]


def test_columns_can_be_given(tmp_path):
    path = write(tmp_path / "set.jsonl", {"question": "not this", "prompt": "q", "answer": "0", "gold": "5"})
    (problem,) = load_problems(path, question_key="prompt", answer_key="gold")
    assert (problem.question, problem.answer) == ("q", "5")


def test_half_a_surrogate_pair_is_made_writable(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "a \\ud800 b", "answer": "1"}')
    assert read_problems(path)[0].question == "a ? b"


# --- errors


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ['{"question": "a", "answer": "1"}', '{"question": "b" "answer": "1"}'],
            r"set.jsonl:2:18: not JSON: Expecting ','",
        ),
        (["[1, 2]"], r"set.jsonl:1: expected an object with columns, got a list"),
        (
            ['{"query": "a", "answer": "1"}'],
            r"set.jsonl:1: no question .*'question' or 'problem'.*'query', 'answer'.*question_key",
        ),
        (['{"question": "a", "result": "1"}'], r"set.jsonl:1: no answer .*answer_key"),
        (['{"question": ["a"], "answer": "1"}'], r"set.jsonl:1: the question must be text, got a list"),
        (['{"question": "a", "answer": {"value": 1}}'], r"set.jsonl:1: the answer must be text.* got an object"),
        (["", ""], "holds no problem"),
        (["[" * 100_000], "set.jsonl:1:1: not JSON that can be read"),
    ],
)
def test_a_broken_line_is_named_by_file_line_and_column(tmp_path, lines, message):
    path = write(tmp_path / "set.jsonl", *lines)
    for load in (load_problems, MathReasoningEnv):
        with pytest.raises(ValueError, match=message):
            load(str(path))


def test_other_broken_files_are_named_too(tmp_path):
    for name, content, message in (
        ("a.jsonl", b'{"question": "a", "answer": "1"}\n{"question": "\xff"}', r"a.jsonl:2:15: not UTF-8"),
        ("a.json", b'[\n  {"question": }\n]', r"a.json:2:16: not JSON"),
        ("b.json", b'{"rows": []}', "b.json: expected a list of records"),
        ("c.json", b'[{"question": "a", "answer": "1"}, 3]', "c.json: entry 2: expected an object"),
        ("a.csv", b"question,answer\na,1\nb,2,3\n", "a.csv:3:1: more fields than the 2 columns"),
        ("a.jsonl.gz", b"no gzip", "not a gzip file"),
        ("b.jsonl.gz", gzip.compress(b"question")[:10] + b"\xff" * 20, "b.jsonl.gz: not a gzip file"),
        ("a.txt", b"?", "ends in one of .jsonl"),
        ("a", b"?", "ends in one of .jsonl"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match=message):
            load_problems(tmp_path / name)
    with pytest.raises(ValueError, match="is a directory"):
        load_problems(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"nowhere\.jsonl"):
        load_problems(tmp_path / "nowhere.jsonl")


def test_repeated_questions_and_empty_fields_are_skipped_with_one_warning_that_counts_them(tmp_path):
    path = write(
        tmp_path / "set.jsonl",
        GOOD,
        {"question": "What is  1 + 1?", "answer": "3"},
        {"question": "b", "answer": " "},
        {"question": "c", "answer": None},
        {"question": "d", "answer": []},
        {"question": "", "answer": "1"},
        {"question": "E", "answer": "1"},
        {"question": "e", "answer": "2"},
    )
    with pytest.warns(UserWarning) as caught:
        problems = load_problems(path)
    assert [(p.question, p.answer) for p in problems] == [("What is 1 + 1?", "2"), ("E", "1"), ("e", "2")]
    assert [str(warning.message).partition(": ")[2] for warning in caught] == [
        "skipped 5 records (1 with a repeated question, 1 with an empty question, 3 with an empty answer)"
    ]


# --- choice


def test_a_file_is_used_whole_unless_a_split_is_asked_for(tmp_path):
    path = write(tmp_path / "set.jsonl", *[{"question": f"q {n}", "answer": "1", "level": n % 3} for n in range(300)])
    assert len(load_problems(path)) == len(load_problems(path, split="all")) == 300
    parts = [{p.id for p in load_problems(path, split=split)} for split in SPLITS]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 300
    assert len(parts[0]) > 200 and 10 < len(parts[2]) < 60
    assert [p.question for p in load_problems(path, size=2)] == ["q 0", "q 1"]
    assert {p.level for p in load_problems(path, level=[1, 2])} == {1, 2}
    with pytest.raises(ValueError, match=r"no problem of level \[5\]; it has the levels \[0, 1, 2\]"):
        load_problems(path, level=5)


def test_a_file_plays_in_the_environment(tmp_path):
    env = MathReasoningEnv(str(write(tmp_path / "set.jsonl", GOOD)))
    observation, info = env.reset(seed=0)
    assert "What is 1 + 1?" in observation and info["source"] == "set.jsonl"
    assert env.step(answer_action("So.", "2"))[1] == 1.0


@needs_data
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("aqua_test", 254),
        ("asdiv", 2304),  # one question is there twice
        ("gaokao2023en", 383),
        ("gsm8k_test", 1319),
        ("gsm8k_train", 7473),
        ("math500", 500),
        ("math_test", 5000),
        ("math_train", 7471),  # one question is there twice
        ("ocwcourses", 272),
        ("svamp", 1000),
    ],
)
def test_the_files_of_the_data_folder_load_and_their_answers_grade_as_correct(name, count):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore" if name in ("asdiv", "math_train") else "error")
        problems = load_problems(DATA / f"{name}.jsonl")
    assert len(problems) == count
    sample = problems[:: max(1, count // 150)]
    assert not [p.id for p in sample if not grade(p.answer, p.answer).correct]


# --- Parquet, tables by others, and what is broken in the middle


def parquet(path, rows):
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra [parquet])")
    import pyarrow
    from pyarrow.parquet import write_table

    write_table(pyarrow.Table.from_pylist(rows), path)
    return path


def test_parquet_with_numbers_lists_and_nulls(tmp_path):
    rows = [
        {"problem": "p", "answer": 72.0, "level": 3, "options": None},
        {"problem": "q", "answer": 0.5, "level": None, "options": ["A)1", "B)2"]},
        {"problem": "r", "answer": None, "level": 1, "options": None},
    ]
    with pytest.warns(UserWarning, match="1 with an empty answer"):
        problems = load_problems(parquet(tmp_path / "set.parquet", rows))
    assert [(p.id, p.question, p.answer, p.level) for p in problems] == [
        ("set:1", "p", "72", 3),
        ("set:2", "q\nA)1\nB)2", "0.5", 0),
    ]


def test_parquet_answers_may_be_several_and_columns_named(tmp_path):
    path = parquet(tmp_path / "set.parquet", [{"prompt": "q", "gold": ["1/2", "0.5"]}])
    assert load_problems(path, question_key="prompt", answer_key="gold")[0].answer == ("1/2", "0.5")
    with pytest.raises(ValueError, match=r"set.parquet: row 1: no question .*'prompt', 'gold'\); .*question_key"):
        load_problems(path)


def test_a_file_that_is_no_parquet_is_named(tmp_path):
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra [parquet])")
    for content in (b"", b"question,answer\n1,2\n", b"PAR1" + b"\0" * 50 + b"PAR1"):
        (tmp_path / "a.parquet").write_bytes(content)
        with pytest.raises(ValueError, match=r"a.parquet: not a Parquet file that can be read"):
            load_problems(tmp_path / "a.parquet")


def test_parquet_without_pyarrow_names_the_extra(tmp_path, monkeypatch):
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError, match=r"extra \[parquet\]"):
        load_problems(tmp_path / "a.parquet")


def test_names_of_columns_may_be_written_in_any_case_and_with_spaces(tmp_path):
    (tmp_path / "set.csv").write_text('"Problem", Answer,Level\nWhat?,1,Level 4\n')
    (problem,) = load_problems(tmp_path / "set.csv")
    assert (problem.question, problem.answer, problem.level) == ("What?", "1", 4)


@pytest.mark.parametrize("key", ["final_answer", "expected_answer"])
def test_the_answer_goes_before_the_solution(tmp_path, key):
    assert answer_of(tmp_path, {"problem": "q", "solution": "It is \\boxed{1}.", key: "2"}) == "2"


@pytest.mark.parametrize(
    ("name", "lines", "place"),
    [
        ("a.jsonl", ['{"question": "a", "answer": "1"}', '{"question": "b", "ans', '{"question": "c", "answer": "3"}'],
         r"a.jsonl:2:19: not JSON"),
        ("a.json", ["[", '{"question": "a", "answer": "1"},', '{"question": b},', "{}]"], r"a.json:3:14: not JSON"),
        ("a.csv", ["question,answer", "a,1", '"b"x,2', "c,3"], r"a.csv:3:1: not CSV"),
        ("a.csv", ["question,answer", "a,1", '"b,2', "c,3"], r"a.csv:3:1: not CSV"),
        ("a.csv", ["question,answer", "a,1", "b", "c,3"], r"a.csv:3:1: 1 fields, fewer than the 2 columns"),
        ("a.tsv", ["question\tanswer", "a\t1", "b\t2\t3", "c\t3"], r"a.tsv:3:1: more fields than the 2 columns"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_that_is_broken_in_the_middle_is_named(tmp_path, name, lines, place, end):
    for path, pack in ((tmp_path / name, bytes), (tmp_path / f"{name}.gz", gzip.compress)):
        path.write_bytes(pack(("\ufeff" + end.join(lines) + end).encode()))
        with pytest.raises(ValueError, match=place.replace(name, path.name)):
            load_problems(path)


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json"])
def test_byte_order_mark_and_windows_line_ends_in_every_layout(tmp_path, name):
    text = {
        "a.csv": "question,answer\r\n√2?,1.41\r\n\r\nb,1\r\n",
        "a.jsonl": '{"question": "√2?", "answer": "1.41"}\r\n\r\n{"question": "b", "answer": "1"}\r\n',
        "a.json": '[\r\n{"question": "√2?", "answer": "1.41"},\r\n{"question": "b", "answer": "1"}]\r\n',
    }[name]
    (tmp_path / name).write_bytes(("\ufeff" + text).encode())
    assert [(p.question, p.answer) for p in load_problems(tmp_path / name)] == [("√2?", "1.41"), ("b", "1")]


def test_a_file_of_which_nothing_is_left_says_what_was_skipped(tmp_path):
    path = write(tmp_path / "set.jsonl", {"question": "a", "answer": ""}, {"question": "b", "answer": None})
    with pytest.raises(ValueError, match=r"holds no problem \(skipped: 2 with an empty answer\)"):
        load_problems(path)
