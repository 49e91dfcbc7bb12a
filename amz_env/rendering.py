"""A solution as a person would want to read it: plain text, without the tags of the step format."""

import textwrap

from amz_env.dynamics import State, TakenStep
from amz_env.episode import NO_ANSWER, Episode

WIDTH = 100
_ENDINGS = {
    "answer": "the answer was given",
    "malformed": "a step could not be read",
    "code_errors": "too many code errors in a row",
    "max_steps": "the step limit was reached",
    "max_length": "the length limit was reached",
}


def render_question(state: State) -> str:
    """Return the question under a heading, wrapped."""
    return "Question\n" + _wrapped(state.question)


def render_step(number: int, taken: TakenStep) -> str:
    """Return one step: its words, its code behind ``|``, what that printed behind ``>``, its answer."""
    step = taken.step
    parts = [f"Step {number}" + (" (code failed)" if taken.failed else "")]
    if step.text:
        parts.append(_wrapped(step.text))
    if step.code is not None:
        parts.append(textwrap.indent(step.code, "  | ", lambda line: True))
        shown = taken.observation or "(no output)"
        parts.append(textwrap.indent(shown, "  > ", lambda line: True))
    if step.answer is not None:
        parts.append(f"  Answer: {step.answer}")
    if step.fault is not None:
        parts.append(f"  Not a step: {step.fault}")
    return "\n".join(parts)


def render_verdict(episode: Episode) -> str:
    """Return how an ended episode came out, "" while it goes on."""
    state, grade, answer = episode.state, episode.grade, episode.problem.answer
    if state.end is None:
        return ""
    reference = answer if isinstance(answer, str) else " or ".join(answer)
    status = NO_ANSWER if grade is None else grade.status
    ending = "" if state.end == "answer" else f": {_ENDINGS[state.end]}"
    return f"Result: {status}{ending} (reward {episode.reward:+.0f}; reference {reference})"


def render_episode(episode: Episode) -> str:
    """Return question, steps and, at the end, the verdict."""
    state = episode.state
    steps = [render_step(number, taken) for number, taken in enumerate(state.steps, start=1)]
    return "\n\n".join(part for part in (render_question(state), *steps, render_verdict(episode)) if part)


def _wrapped(text: str) -> str:
    lines = (textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="  ") for line in text.splitlines())
    return "\n".join(lines)
