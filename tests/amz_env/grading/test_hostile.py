"""Answers that attack the grader: code, bombs, floods, hedges. None runs, none hangs, none is accepted."""

import json
import time
from pathlib import Path

import pytest

from amz_env.grading import grade, warm_up

SHARED = Path(__file__).resolve().parents[3].parent / "shared"
GRACE = 0.5
CANARY = Path("/tmp/gradercanary")  # the cases of the shared file would write it if they ran

CODE = [
    "__import__('os').system('touch {canary}')",
    "open('{canary}','w').write('x')",
    "[open('{canary}','w')]",
    "eval('1')",
    "(lambda: open('{canary}','w'))()",
    "1 if open('{canary}','w') else 1",
    "().__class__.__base__.__subclasses__()",
    r"\pi*open('{canary}','w').write('x')",
    "Matrix([open('{canary}','w')])",
    "x.__class__",
    "f'{open(0)}'",
    "exit()",
    "quit()",
    "sympify(\"open('{canary}','w')\")",
    r"\immediate\write18{touch {canary}}",
    r"\input{/etc/passwd}",
    "print(1)",
    "1;import os",
    "breakpoint()",
    "input()",
    "while True: pass",
    "import time; time.sleep(9)",
    "lambda x: x",
    "S.One",
    "None",
    "True",
    "{{7*7}}",
    "lambda: 1",
    "lambda x: 1",
    "else: 1",
    "1==1",
    "True==1",
    "x if x==1",
    "assert 1",
]
BOMBS = [
    "9**9**9**9",
    "9^{9^{9^{9}}}",
    "1000000000!",
    "((((10!)!)!)!)",
    r"\binom{10^9}{5\cdot 10^8}",
    r"\gcd(10^{5000}!, 7)",
    "10^{10^{10}}",
    "(x+y+z+1)^{300}",
    r"\sin(10^{10^{5}})",
    r"\sum_{k=1}^{100}\sum_{j=1}^{100}\sum_{i=1}^{100} i",
    r"\prod_{k=1}^{99} k^{99999}",
    "1e999999999",
    "2^{-10^{18}}",
    "10^{400}!",
    r"e^{e^{e^{e^{e}}}}",
    r"\lfloor 10^{10^9}\pi \rfloor",
    "+".join(f"1/{k}" for k in range(2, 330)),
    "*".join(["9^{999}"] * 200),
    r"\log_{1.0000001} 10^{999}",
    "0x1F",
    "1e400!",
]
FLOODS = [
    "(" * 10_000 + "1" + ")" * 10_000,
    "1" * 100_000,
    "0." + "0" * 100_000 + "1",
    "1+" * 50_000 + "1",
    "1," * 50_000 + "1",
    " " * 100_000 + "2",
    r"\frac" * 5_000,
    r"\sqrt" * 400,
    r"\sqrt{" * 3_000 + "1" + "}" * 3_000,
    "\\" * 10_000,
    "1=" * 5_000 + "1",
    r"\text{" + "A" * 50_000 + "}",
    "-" * 1_900 + "2",
    "!" * 1_900,
    "2^" * 900 + "2",
    "ln" * 900 + "x",
    "1," * 900 + "1",
    "|" * 1_900,
    "{" * 40 + "2" + "}" * 40,
    "1/" * 900 + "2",
    "'" * 1_900,
    "x_" * 900,
    "%" * 1_900,
    r"\pm" * 600 + "2",
    "1:" * 900 + "2",
    "a" * 1_990,
    "(1,2)," * 300,
    r"\begin{pmatrix}" * 100,
    "]" + "," * 1_900,
    "[," * 900,
    r"\cup]," * 300,
]
HEDGES = [
    r"1 \text{ or any other number}",
    "0=1",
    "2=1",
    "1, 2, 3, 4, 5",
    r"\{1,2\}",
    "1 or 2",
    "1 and 2",
    "maybe 1",
    "not 1",
    "1 (or 2)",
    "1/2 or 1",
    "either 1 or 2",
    "1 plus two",
    "x = 1 = 2",
    "1 < 2",
    "x > 1",
    "between 0 and 1",
    "1 is wrong",
    "anything",
    "*",
    "1; 2",
    "1...9",
    "1 to 9",
    "1-",
    "4)(",
    r"\ge 1",
    "1 1",
    r"1 \\ 2",
    "1, ...",
    r"1 \lor 2",
    "1|2",
    "all numbers",
    r"\mathbb{R}",
    r"x \in \{0,1\}",
    r"\pm 1",
    "(1, 2)",
    "[0, 1]",
    "",
    " ",
    "$",
    "$$",
    "{}",
    "()",
    r"\boxed{}",
    r"\text{}",
    "\x00",
    "😀",
    r"\frac{1}{",
    "1j",
    "E",
    "i",
    "oo",
    "nan",
    "NaN",
    "inf",
    "-1",
    "1x",
    "1E",
    "not: 1",
    "wrong: 1",
    "answer: not 1",
    "1 of 3",
    "(A) 1 (B) 2",
]


@pytest.fixture(autouse=True, scope="module")
def _warm() -> None:
    assert warm_up(30)


def _graded_in_time(prediction: str, reference: str, deadline: float) -> bool:
    for _ in range(2):  # a machine that stands still for a moment says nothing about the grader
        start = time.monotonic()
        result = grade(prediction, reference, deadline=deadline)
        seconds = time.monotonic() - start
        if seconds < deadline + GRACE:
            break
    assert seconds < deadline + GRACE, (prediction[:60], result)
    assert result.correct == (result.status == "correct")
    assert not result.reason.startswith("worker died"), prediction[:60]
    return result.correct


@pytest.mark.parametrize("code", CODE)
def test_code_is_neither_run_nor_accepted(code: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    attack = code.replace("{canary}", str(canary))
    for pair in ((attack, "1"), ("1", attack), (attack, r"\begin{pmatrix}1\\2\end{pmatrix}"), (f"1, {attack}", "1, x")):
        assert not _graded_in_time(*pair, deadline=2)
    assert not canary.exists()


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb[:24])
def test_bombs_end_in_time(bomb: str) -> None:
    assert not _graded_in_time(bomb, "1", deadline=1)
    assert not _graded_in_time("x", bomb, deadline=1)


@pytest.mark.parametrize("flood", FLOODS, ids=lambda flood: flood[:8])
def test_floods_end_in_time(flood: str) -> None:
    assert not _graded_in_time(flood, "1", deadline=1)
    assert not _graded_in_time("1", flood, deadline=1)
    assert not _graded_in_time(flood + "1", flood + "2", deadline=1)


@pytest.mark.parametrize("hedge", HEDGES)
def test_hedges_are_not_accepted(hedge: str) -> None:
    assert not _graded_in_time(hedge, "1", deadline=2)


def test_shared_hostile_cases() -> None:
    path = SHARED / "cases" / "hostile_dev.jsonl"
    if not path.exists():
        pytest.skip(f"no {path.name} beside the repository")
    CANARY.unlink(missing_ok=True)
    cases = [json.loads(line) for line in path.read_text("utf-8").strip().split("\n")]
    accepted = [
        case["why"]
        for case in cases
        if _graded_in_time(case["pred"], case["gold"], 1) and case["expect"] == "not_equal"
    ]
    assert not accepted
    assert not CANARY.exists()
