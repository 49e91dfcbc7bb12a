import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from amz_env.steps import (
    FORMATS,
    TAGS,
    answer_action,
    canonical_action,
    closing,
    code_action,
    parse_step,
    step_end,
    well_formed,
)

CODE = code_action("Multiply.", "x = 6 * 7\nprint(x)")
ANSWER = answer_action("So it is.", "42")

PIECES = st.sampled_from(
    [*TAGS, "Final Answer:", "\\boxed{", "}", "```python", "```", "$", "\n", "print(1)", "5", "½", "\r"]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join), st.lists(PIECES, max_size=30).map("\n".join))


def test_parse_step_reads_a_code_step():
    step = parse_step(CODE)
    assert (step.kind, step.text, step.code) == ("code", "Multiply.", "x = 6 * 7\nprint(x)")
    assert step.answer is None and step.fault is None


def test_parse_step_reads_an_answer_step():
    step = parse_step(ANSWER)
    assert (step.kind, step.text, step.answer) == ("answer", "So it is.", "42")
    assert step.code is None and step.fault is None


@pytest.mark.parametrize("action", [CODE, ANSWER])
def test_parse_step_reads_a_step_that_stops_before_its_closing_tag(action):
    without_tag = action.removesuffix("\n</code>").removesuffix("\n</step>")
    assert without_tag != action
    assert parse_step(without_tag) == parse_step(action)


def test_parse_step_keeps_the_indentation_and_blank_lines_of_code():
    code = "def f(n):\n\n    return n\n\nprint(f(3))"
    assert parse_step(code_action("Define.", code)).code == code


def test_parse_step_reads_code_with_windows_line_ends():
    assert parse_step(CODE.replace("\n", "\r\n")).code == "x = 6 * 7\r\nprint(x)\r"


@pytest.mark.parametrize(
    ("action", "fault"),
    [
        ("", "empty step"),
        (" \n\t", "empty step"),
        ("<step>\n<p>\nHm.\n</p>\n</step>", "neither code nor a final answer"),
        (CODE.replace("Multiply.", "Final Answer: 42"), "both code and a final answer"),
        (CODE + ANSWER, "more than one step"),
        (CODE + "\n<output>\n42\n</output>", "a tag that only the environment writes"),
        # The released parser ran empty code for an unclosed fence, and went on after an empty answer.
        ("<step>\n<code>\n```python\nprint(1)\n</code>", "no closed python fence with code in <code>"),
        ("<step>\n<code>\n```python\n```\n</code>", "no closed python fence with code in <code>"),
        ("<step>\n<code>\nprint(1)\n</code>", "no closed python fence with code in <code>"),
        ("<step>\n<code>\n```python\na\n```\n```python\nb\n```\n</code>", "no closed python fence with code in <code>"),
        (answer_action("So.", ""), "final answer: empty answer"),
        (answer_action("So.", "$ $"), "final answer: empty answer"),
        (answer_action("Final Answer: 3", "4"), "final answer: two differing answers"),
    ],
)
def test_parse_step_calls_the_rest_malformed_and_says_why(action, fault):
    step = parse_step(action)
    assert (step.kind, step.fault) == ("malformed", fault)
    assert step.code is None and step.answer is None


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("$42$", "42"),
        ("$5$ and $6$", "$5$ and $6$"),  # the released parser made `5$ and $6` of it
        ("\\boxed{\\frac{1}{2}}", "\\frac{1}{2}"),
        ("x = 3", "x = 3"),
    ],
)
def test_parse_step_takes_one_dollar_pair_off_the_answer_and_no_more(written, answer):
    assert parse_step(answer_action("So.", written)).answer == answer


@pytest.mark.parametrize(
    ("action", "kind", "code", "answer"),
    [
        ("Let us think.", "text", None, None),
        ("Compute.\n```python\nprint(1)\n```", "code", "print(1)", None),
        ("First\n```\na = 1\n```\nthen\n```py\nb = 2\n```", "code", "a = 1\nb = 2", None),
        ("```bash\npip install sympy\n```\nThen run\n```python\nprint(1)\n```", "code", "print(1)", None),
        ("```output\n3\n```\nNow\n```Python\nprint(1)\n```", "code", "print(1)", None),
        ("Look:\n```python3\nprint('```')\n```", "code", "print('```')", None),
        ("```text\nnothing to run\n```", "text", None, None),
        ("It is \\boxed{7}.", "answer", None, "7"),
        ("Final Answer: 7", "answer", None, "7"),
        ("Look:\n```python\nprint(1)\n```\nFinal Answer: 7", "answer", None, "7"),
        ("An unclosed fence\n```python\nprint(1)", "text", None, None),
        ("Final Answer: ", "malformed", None, None),
        ("", "malformed", None, None),
    ],
)
def test_parse_step_in_the_plain_format(action, kind, code, answer):
    step = parse_step(action, "plain")
    assert (step.kind, step.code, step.answer) == (kind, code, answer)


@pytest.mark.parametrize("step_format", FORMATS)
@settings(deadline=None)  # the machine may be busy
@given(action=TEXTS)
@example(action="<code>```python\n```</code>")
@example(action="</step>Final Answer:0</step>Final Answer:0.")
@example(action="Final Answer:0<step>")
@example(action="</code><code>\n```python\n1\n```\n</code><code>")
@example(action="\ud800Final Answer: \udfff")
def test_any_text_is_a_step_and_reads_the_same_once_it_stands_in_a_state(step_format, action):
    step = parse_step(action, step_format)
    standing = canonical_action(action, step, step_format)
    standing.encode("utf-8")  # raises for half a surrogate pair
    if step.kind != "malformed":
        again = parse_step(standing, step_format)
        assert (again.kind, again.code, again.answer) == (step.kind, step.code, step.answer)
        assert canonical_action(standing, again, step_format) == standing


def test_canonical_action_cuts_what_follows_the_closing_tag_and_adds_a_missing_one():
    for action, end in ((CODE, "\n</code>"), (ANSWER, "\n</step>")):
        for written in (action.removesuffix(end), action, f"{action} and more", f"\n{action}\n"):
            assert canonical_action(written, parse_step(action), "alphamath") == action


def test_a_missing_opening_tag_is_added():
    for action in (CODE, ANSWER):
        without = action.removeprefix("<step>\n")
        assert canonical_action(without, parse_step(without), "alphamath") == action


def test_closing_wraps_the_output_of_code_and_nothing_else():
    assert "".join(closing("code", "42", "alphamath")) == "\n<output>\n42\n</output>\n</step>\n"
    assert "".join(closing("code", "42", "plain")) == "\n```output\n42\n```\n"
    assert closing("answer", None, "alphamath") == ("\n", "", "")


@pytest.mark.parametrize("step_format", FORMATS)
@pytest.mark.parametrize("piece", ["```python\n", "<code>\n```python\n", "<step>", "</p>", "\\boxed", "Final Answer: "])
def test_parse_step_takes_linear_time(step_format, piece):
    action = piece * (400_000 // len(piece))
    started = time.process_time()
    parse_step(action, step_format)
    assert time.process_time() - started < 2.0


def test_well_formed_replaces_half_a_surrogate_pair_only():
    assert well_formed("a\ud800b") == "a?b"
    assert well_formed("½ √2 𝑥 😀") == "½ √2 𝑥 😀"


@given(TEXTS)
@example("  ```\nprint(1)\n``` \n")
def test_plain_text_is_written_until_its_first_python_fence_closes(text):
    end = step_end(text, "plain")
    if end is None:
        assert parse_step(text, "plain").kind != "code"
    else:
        assert text[:end].endswith("\n```") and step_end(text[:end], "plain") == end
        assert all(step_end(text[:before], "plain") is None for before in range(end))


def test_a_tagged_step_is_written_until_its_first_closing_tag():
    assert step_end(CODE + "\n<output>", "alphamath") == len(CODE)
    assert step_end(ANSWER + "\n" + CODE, "alphamath") == len(ANSWER)
    assert step_end("<step>\n```python\n1\n```", "alphamath") is None
