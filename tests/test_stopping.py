"""What Ctrl-C does to a measurement."""

import signal

import pytest

from benchmarks._stopping import stoppable


def test_an_interrupted_measurement_says_what_follows_and_has_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    @stoppable("nothing is written")
    def measure() -> None:
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(SystemExit) as stopped:
        measure()
    assert stopped.value.code == 130
    assert capsys.readouterr().err == "interrupted; nothing is written\n"


def test_what_fails_otherwise_fails_as_before() -> None:
    with pytest.raises(ValueError, match="no such set"), stoppable():
        raise ValueError("no such set")
