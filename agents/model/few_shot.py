"""Worked examples for a base model that does not know the step format yet (paper, section 4.2: 2-shot in round 1).

The examples stand before the question as they would stand in a solution, so what the model continues with is a solution
in the format of all later rounds; the authors' round 1 was in another format and had to be rewritten. The records that
the search leaves begin with the question: the examples are never trained on.
"""

from collections.abc import Sequence
from typing import Final

from agents.model.checkpoint import has_value_head, resolve_model
from agents.model.encoding import StateEncoder
from agents.model.policy_value import PolicyValueModel
from amz_env.dynamics import State, TakenStep
from amz_env.steps import Step, answer_action, code_action

SHOTS: Final = 2
"""Examples that a model gets that does not know the format."""

_TAGS: Final = ("<step>", "</step>", "<code>", "</code>", "<output>", "</output>")

Worked = tuple[str, Sequence[tuple[str, str, str]], str, str]
"""(question, (text, code, what it prints) of each code step, closing text, answer)"""

EXAMPLES: Final[Sequence[Worked]] = (
    (
        "A baker makes 4 trays of 12 rolls and sells 30 of them. How many rolls are left?",
        [
            (
                "First find how many rolls there are, then take away those that were sold.",
                "made = 4 * 12\nleft = made - 30\nprint(left)",
                "18",
            )
        ],
        "There are 18 rolls left.",
        "18",
    ),
    (
        "What is the sum of the solutions of $x^2 - 5x + 6 = 0$, each squared?",
        [
            (
                "Solve the equation for x.",
                "from sympy import symbols, solve\nx = symbols('x')\nroots = solve(x**2 - 5*x + 6, x)\nprint(roots)",
                "[2, 3]",
            ),
            ("Square the solutions and add them.", "print(sum(root**2 for root in roots))", "13"),
        ],
        "The sum of the squared solutions is 13.",
        "13",
    ),
)


def worked_states(shots: int) -> list[State]:
    """Return the first examples as finished solutions.

    Raises:
        ValueError: there are not that many.
    """
    if not 0 <= shots <= len(EXAMPLES):
        raise ValueError(f"there are {len(EXAMPLES)} worked examples, {shots} were asked for")
    return [_state(*example) for example in EXAMPLES[:shots]]


def _state(question: str, code: Sequence[tuple[str, str, str]], text: str, answer: str) -> State:
    steps = [TakenStep(code_action(said, source), Step("code"), printed) for said, source, printed in code]
    return State(question, steps=(*steps, TakenStep(answer_action(text, answer), Step("answer"), None)))


def knows_format(encoder: StateEncoder) -> bool:
    """Return whether each tag of the format is one token of the model's vocabulary, as in one trained on the format."""
    return all(len(encoder.text(tag, trusted=True)) == 1 for tag in _TAGS)


def shots_of(model: str, asked: int | None) -> int | None:
    """Return how many examples `with_examples` should give: one with a value head was trained on the format.

    Args:
        model: a model that ships or a model directory.
        asked: how many were asked for, if that was said.
    """
    return 0 if asked is None and has_value_head(resolve_model(model)) else asked


def with_examples(model: PolicyValueModel, shots: int | None) -> PolicyValueModel:
    """Put examples before every question that this model sees from now on; return the model.

    Args:
        model: the model.
        shots: how many; None gives `SHOTS` to a model that does not know the format, and none to one that does.
    """
    if shots is None:
        shots = 0 if knows_format(model.encoder) else SHOTS
    encoder, blank = model.encoder, model.encoder.text("\n", trusted=True)
    worked = [(*encoder.state(state)[len(encoder.bos) :], *blank) for state in worked_states(shots)]
    encoder.preamble = tuple(token for tokens in worked for token in tokens)
    return model
