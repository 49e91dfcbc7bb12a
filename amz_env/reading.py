"""Read a rendered state back: the inverse of `State.text`, for agents that act on the environment's observations."""

import re

from amz_env.dynamics import Rules, State, apply_step
from amz_env.steps import parse_step, question_block

_TAGGED = re.compile(
    r"(?P<code><step>\n.*?</code>)\n<output>\n(?P<output>.*?)\n</output>\n</step>\n(?=<step>|\Z)"
    r"|(?P<answer><step>\n.*?</step>)\n(?=<step>|\Z)",
    re.DOTALL,
)
_PLAIN = re.compile(r"(?P<action>.*?)\n```output\n(?P<output>.*?)\n```\n", re.DOTALL)
_RAISED = re.compile(r"^\w*(?:Error|Exception|Interrupt|Exit)\b.*\Z", re.MULTILINE)


def read_state(text: str, rules: Rules) -> State:
    """Return the state that is rendered as `text`, without its interpreter snapshot.

    Whether a step's code failed is not written in the text; it is read from the shape of its last line
    (``SomethingError: ...``).

    Raises:
        ValueError: the text is not a rendered state of these rules, or its steps cannot be told apart.
    """
    head, _, tail = question_block("\0", rules.step_format).partition("\0")
    question, end, solution = text.removeprefix(head).partition(tail)
    if not text.startswith(head) or not end:
        raise ValueError(f"an observation begins with {head!r} and a question, got {text[:60]!r}")
    state = State(question, rules)
    if rules.step_format == "plain":
        return _read_plain(state, solution)
    position = 0
    while position < len(solution):
        match = _TAGGED.match(solution, position)
        if match is None:
            raise ValueError(f"cannot read a step at {solution[position : position + 60]!r}")
        state = _append(state, match["code"] or match["answer"], match["output"])
        position = match.end()
    return state


def _read_plain(state: State, solution: str) -> State:
    """Plain text marks steps by their outputs alone: text between two outputs is one step."""
    position = 0
    for match in _PLAIN.finditer(solution):
        state = _append(state, match["action"], match["output"])
        position = match.end()
    rest = solution[position:].strip()
    return _append(state, rest, None) if rest else state


def _append(state: State, action: str, output: str | None) -> State:
    step = parse_step(action, state.rules.step_format)
    ran = step.kind == "code"
    failed = ran and _RAISED.search(output or "") is not None
    return apply_step(state, action, step, observation=output or "" if ran else None, failed=failed)
