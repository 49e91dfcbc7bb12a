"""What a log says of a stage."""

import re

import pytest

from agents.training.progress import stage


def test_a_log_has_a_line_for_each_tenth_with_what_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    with stage("round 1: search", 45, done=5) as advance:
        for _ in range(40):
            advance(1)
    first, *tenths = capsys.readouterr().err.splitlines()
    assert first == "round 1: search: 40 to do, 5 done before"
    assert [line.split(" in ")[0] for line in tenths] == [f"round 1: search: {n} of 40" for n in range(4, 41, 4)]
    assert all(re.search(r" in \d+:\d\d:\d\d, \d+:\d\d:\d\d left$", line) for line in tenths)


def test_the_time_that_is_left_follows_from_the_time_that_went_by(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([100.0, 160.0, 400.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    with stage("search", 10) as advance:
        advance(2)
        advance(8)
    assert capsys.readouterr().err.splitlines()[1:] == [
        "search: 2 of 10 in 0:01:00, 0:04:00 left",
        "search: 10 of 10 in 0:05:00, 0:00:00 left",
    ]


def test_a_stage_with_nothing_left_to_do_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with stage("search", 3, done=3):
        pass
    assert capsys.readouterr().err == "search: 0 to do, 3 done before\n"


def test_what_a_stage_is_told_stands_beside_the_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    with stage("pretraining", 2) as advance:
        advance(1, "clean loss 0.500")
        advance(1, "mixed loss 0.700")
    _, *tenths = capsys.readouterr().err.splitlines()
    assert [line.split("; ")[1] for line in tenths] == ["clean loss 0.500", "mixed loss 0.700"]
