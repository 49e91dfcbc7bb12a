"""Reading a rendered state back."""

import pytest

from amz_env import Rules, State, answer_action, code_action, load_problems, transition
from amz_env.interpreter import shared_interpreter
from amz_env.reading import read_state


def played(question: str, actions: list[str], rules: Rules) -> list[State]:
    states = [State(question, rules)]
    for action in actions:
        states.append(transition(states[-1], action, shared_interpreter()))
    return states


@pytest.mark.parametrize("name", ["mini-gsm", "mini-math"])
def test_every_state_of_a_reference_solution_is_read_back(name: str) -> None:
    for problem in load_problems(name, split="validation", size=25)[:25]:
        for state in played(problem.question, list(problem.solution), Rules()):
            assert read_state(state.text, state.rules) == state


def test_failed_code_is_counted_as_failed() -> None:
    actions = [code_action("Divide.", "print('so far')\n1 / 0"), code_action("Again.", "unknown")]
    state = played("q", actions, Rules())[-1]
    again = read_state(state.text, state.rules)
    assert [taken.failed for taken in again.steps] == [True, True]
    assert again.errors == state.errors == 2


def test_printing_the_word_error_is_not_read_as_a_failure() -> None:
    state = played("q", [code_action("Say.", "print('no Error here')")], Rules())[-1]
    assert not read_state(state.text, state.rules).steps[0].failed


def test_empty_output_and_output_of_many_lines() -> None:
    actions = [code_action("Set.", "x = 1"), code_action("Show.", "for i in range(3):\n    print(i)")]
    state = played("q", actions, Rules())[-1]
    assert read_state(state.text, state.rules) == state


def test_steps_without_their_opening_tag_are_read_back() -> None:
    actions = [code_action(word, f"print({n})").removeprefix("<step>\n") for n, word in enumerate(("One.", "Two."))]
    state = played("q", [*actions, "Final Answer: 2"], Rules())[-1]
    assert read_state(state.text, state.rules) == state and len(state.steps) == 3


@pytest.mark.parametrize(
    "action",
    [
        "<step><p>x</p>\n<code>\n```python\nprint(1)\n```\n</code>",
        "Let me think. <step>\n<p>x</p>\n<code>\n```python\nprint('<step>')\n```".replace("'<step>'", "1"),
        "<p>x</p>\n<code>\n```python\nprint('<step>')\n```\n</code>",
        "So <step> Final Answer: 4",
    ],
)
def test_steps_that_are_accepted_are_read_back_however_they_begin(action: str) -> None:
    state = played("q", [action], Rules())[-1]
    assert state.steps[0].step.kind in ("code", "answer")
    assert read_state(state.text, state.rules) == state


def test_plain_text_is_read_back() -> None:
    rules = Rules(step_format="plain")
    actions = ["First this.\n```python\nprint(6 * 7)\n```", "So the answer is \\boxed{42}."]
    for state in played("q", actions, rules):
        assert read_state(state.text, rules) == state


def test_code_goes_on_from_a_state_that_was_read() -> None:
    state = played("q", [code_action("Set.", "x = 20")], Rules())[-1]
    after = transition(read_state(state.text, state.rules), code_action("Use.", "print(x + 1)"), shared_interpreter())
    assert after.steps[-1].observation == "21"


@pytest.mark.parametrize("text", ["", "hello", "<question> q", "<question> q </question>\nnonsense"])
def test_other_texts_are_clear_errors(text: str) -> None:
    with pytest.raises(ValueError, match=r"an observation begins with|cannot read a step"):
        read_state(text, Rules())


def test_an_answered_state_is_read_as_over() -> None:
    state = played("q", [answer_action("So.", "5")], Rules())[-1]
    assert read_state(state.text, state.rules).end == "answer"
