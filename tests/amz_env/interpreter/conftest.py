"""One interpreter for all tests that do not need one of their own: starting takes a second."""

import pytest

from amz_env.interpreter import Interpreter, SandboxUnavailable


@pytest.fixture(scope="session")
def interpreter():
    with Interpreter(timeout=3.0) as shared:
        try:
            shared.run(shared.root(), "1")
        except SandboxUnavailable as error:
            pytest.skip(f"this host cannot confine code: {error}")
        yield shared


@pytest.fixture(scope="session")
def full_lane():
    """Without the fast lane and the cache's help: every step is a process."""
    with Interpreter(timeout=3.0, fast_lane=False) as shared:
        try:
            shared.run(shared.root(), "1")
        except SandboxUnavailable as error:
            pytest.skip(f"this host cannot confine code: {error}")
        yield shared
