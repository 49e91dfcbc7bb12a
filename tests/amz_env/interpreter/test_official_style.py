"""The style of the AlphaMath authors' tool, as its own runs show it."""

import pytest

from amz_env.interpreter import Interpreter


@pytest.fixture(scope="module")
def official():
    with Interpreter(style="official") as interpreter:
        yield interpreter


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("print(1/3)", "0.3333"),
        ("1/3", "0.3333333333333333"),
        ("print(0.5)", "0.5"),
        ("print(1)\nprint(2)", "1: 1\n2: 2"),
        ("x = 2\nprint(x)\ny = x + 1\nprint('y =', y)", "x: 2\n'y =', y: y = 3"),
        ("for i in range(2):\n    print(i)", "0\n1"),
        ("print('lost')\n1/0", "ZeroDivisionError: division by zero"),
        ("x = 1", ""),
        ("'a' * 600", "a" * 250 + "..." + "a" * 250),
        ("```python\nprint(3)\n```", "3"),
        ("print('shown')\n7", "7"),
    ],
)
def test_official(official, code, text):
    assert official.run(official.root(), code).observation == text


def test_state_is_kept(official):
    a = official.run(official.root(), "x = 4")
    assert official.run(a.snapshot, "print(x)\nprint(x / 3)").observation == "x: 4\nx / 3: 1.3333"
