import pytest

from amz_env.interpreter.observation import cut, render


@pytest.mark.parametrize(
    ("output", "text"),
    [
        (b"a\n", "a"),
        (b"\na\tb\n\n", "\na\tb"),
        (b"\xff\xfe", "\\xff\\xfe"),
        ("√2 é".encode(), "√2 é"),
        (b"a\rb\x00\x7f", "a\\rb\\x00\\x7f"),
        ("a\u202eb\u2028c".encode(), "a\\u202eb\\u2028c"),
        (b"", ""),
    ],
)
def test_render(output, text):
    assert render(output, 100) == text


def test_a_long_text_keeps_its_ends():
    assert cut("a" * 50 + "b" * 51, 100) == "a" * 50 + "..." + "b" * 50
    assert cut("a" * 100, 100) == "a" * 100
