"""The plain format with a real model: code runs where its fence closes, and the model reads what it printed."""

import pytest
import torch

import agents
from agents.inference import LocalEngine
from agents.inference.local import Kind
from agents.model import PolicyValueModel
from amz_env import Problem, Rules, State
from amz_env.dynamics import apply_step
from amz_env.steps import parse_step
from tests.tiny import tiny_model

RULES = Rules(step_format="plain")
QUESTION = "What is 6 times 7?"
CODE = "Multiply.\n```python\nprint(6 * 7)\n```"
ANSWER = "So it is \\boxed{42}."


def knows_by_heart(model: PolicyValueModel) -> PolicyValueModel:
    """Teach a model one solution, to its end-of-text token, as one running text."""
    state = State(QUESTION, RULES)
    state = apply_step(state, CODE, parse_step(CODE, "plain"), observation="42", failed=False)
    text = [*model.encode(state), *model.encoder.text(ANSWER, trusted=True), model.tokenizer.eos_token_id]
    ids = torch.tensor([text])
    optimizer = torch.optim.Adam(model.lm.parameters(), 1e-2)
    model.lm.train()
    for _ in range(80):
        optimizer.zero_grad()
        model.lm(input_ids=ids, labels=ids).loss.backward()
        optimizer.step()
    model.lm.eval()
    return model


@pytest.mark.parametrize("kind", ["cached", "recompute"])
def test_code_is_run_before_the_answer_is_written(kind: Kind) -> None:
    engine = LocalEngine(knows_by_heart(tiny_model()), kind=kind)
    agent = agents.make("greedy", model=engine, rules=RULES)
    (solution,) = agent.solve([Problem("q", QUESTION, "42", source="test")])
    assert solution.answer == "42"
    steps = solution.state.steps
    assert [(taken.action, taken.observation) for taken in steps] == [(CODE, "42"), (ANSWER, None)]
