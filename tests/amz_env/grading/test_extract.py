"""From the text of a step to its final answer."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amz_env.grading import Extraction, extract_answer

FOUND = {
    "<step>\n<p>\nso\n</p>\n<p>\nFinal Answer: 42\n</p>\n</step>": "42",
    "Final Answer: 42": "42",
    "Final Answer:42</p>": "42",
    "Final Answer: $5$": "5",
    "Final Answer: $$5$$": "5",
    "Final Answer: $5$ and $6$": "$5$ and $6$",
    r"Final Answer: \$5": r"\$5",
    r"Final Answer: $\frac{1}{\sqrt{2}}$ </p>": r"\frac{1}{\sqrt{2}}",
    r"Final Answer: \boxed{5}</p>": "5",
    r"Final Answer: The answer is $\boxed{5}$.": "5",
    "Final Answer: 5\n</p>\n</step>\nThat was easy.": "5",
    "Final Answer: 5\n</p>\n<p>\nthat was easy\n</p>": "5",
    "Final Answer: 5\n\nThis is because 2 + 3 = 5.": "5",
    "Final Answer: 5\nThis is because 2 + 3 = 5.": "5",
    "Final Answer: 5</p> Final Answer: 5.0</p>": "5.0",
    r"\boxed{5} Final Answer: 5</p>": "5",
    "Final Answer: \\begin{pmatrix} 1 \\\\\n 2 \\end{pmatrix}\n</p>": "\\begin{pmatrix} 1 \\\\\n 2 \\end{pmatrix}",
    r"Hence \boxed{\frac{1}{2}}.": r"\frac{1}{2}",
    r"Hence $\boxed{x = \{1, 2\}}$ as required.": r"x = \{1, 2\}",
    r"\boxed{a} and again \boxed{a}": "a",
    r"\boxed{1/2} or \boxed{0.5}": "0.5",
    r"an open \boxed{3 and then \boxed{4}": "4",
    "Final Answer: the value of $x$ is $5$": "the value of $x$ is $5$",
    "Final Answer: 12. This follows from the above.": "12",
    "Final Answer: 12. Then some.": "12. Then some.",
    "Final Answer: 3.5. So we are done now": "3.5",
    "Final Answer: B. The graph is a circle": "B. The graph is a circle",
    "Final Answer: Alice. She has the most apples": "Alice. She has the most apples",
    "**Final Answer:** 12": "12",
    "Final Answer: **12**": "**12**",
    "**Final Answer: 12**": "12",
    "**Final Answer: 12**. That is all of them": "12",
    "Final Answer: 2**3": "2**3",
    "Final Answer: $18. She makes this much every day.": "$18",
    "Final Answer: $18\nShe makes this much every day.": "$18",
    "Final Answer: 18 dollars. She makes this much every day.": "18 dollars",
    "Final Answer: $18.50 per hour. That is what she earns.": "$18.50 per hour",
    "Final Answer: $12$.": "12",
    r"Final Answer: \boxed{$5$ and $6$}": "$5$ and $6$",
    r"Final Answer: \{1, 2\}": r"\{1, 2\}",
    "Final Answer: 12\r\n</p>\r\n</step>": "12",
}

MALFORMED = [
    "Final Answer:",
    "Final Answer: </p>",
    "Final Answer: $$ </p>",
    r"\boxed{}",
    r"Final Answer: \boxed{ }",
    r"\boxed{5} or \boxed{6}",
    "Final Answer: 5</p> Final Answer: 6</p>",
    r"\boxed{5} Final Answer: 6</p>",
    r"Final Answer: \boxed{5} or \boxed{6}",
    "Final Answer: 1</p>" * 100,
]

NOTHING = ["", "no answer here", r"\boxed{5", "final answer: 5", r"boxed{5}", "\x00", "<p></p>"]


@pytest.mark.parametrize("text", FOUND)
def test_extract_finds_the_answer(text: str) -> None:
    found = extract_answer(text)
    assert (found.answer, found.malformed) == (FOUND[text], False)


@pytest.mark.parametrize("text", MALFORMED)
def test_extract_reports_what_cannot_be_used(text: str) -> None:
    found = extract_answer(text)
    assert found.answer is None and found.malformed and found.reason


@pytest.mark.parametrize("text", NOTHING)
def test_extract_finds_nothing(text: str) -> None:
    assert extract_answer(text) == Extraction(None, False, "no answer")


@pytest.mark.parametrize(
    "text",
    [r"\boxed{" * 20_000, r"\boxed{1}" * 20_000, "Final Answer: " + "a " * 50_000, "Final Answer: x\n" + "a" * 100_000,
     "Final Answer: 1</p>" * 10_000, "{" * 100_000, "$" * 100_000, r"\boxed" * 20_000,
     "Final Answer: {\n" + "}\n" * 50_000],
    ids=lambda text: text[:14],
)  # fmt: skip
def test_extract_is_linear(text: str) -> None:
    start = time.perf_counter()
    extract_answer(text)
    assert time.perf_counter() - start < 2


PARTS = [
    "Final Answer:",
    r"\boxed{",
    "}",
    "{",
    "$",
    "</p>",
    "<p>",
    "5",
    "6",
    "\n",
    " ",
    r"\frac{1}{2}",
    "</step>",
    "\\",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PARTS)).map("".join) | st.text())
def test_extract_takes_any_text(text: str) -> None:
    found = extract_answer(text)
    assert (found.answer is None) or (found.answer.strip() == found.answer != "" and not found.malformed)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["42", r"\frac{1}{2}", "$5$ and $6$", r"\{1, 2\}", "x = 3"]))
def test_extract_reads_what_a_step_says(answer: str) -> None:
    assert extract_answer(f"<step>\n<p>\nso\n</p>\n<p>\nFinal Answer: {answer}\n</p>\n</step>").answer == answer
    if "$" not in answer:
        assert extract_answer(rf"so $\boxed{{{answer}}}$.").answer == answer
