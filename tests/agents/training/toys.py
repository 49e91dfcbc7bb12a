"""A tiny model and hand-made trees for the tests of the training room."""

from collections.abc import Sequence

import torch

from agents.model import PolicyValueModel, ValueHead
from agents.search.tree import Node, Tree
from amz_env.dynamics import State, apply_step
from amz_env.steps import answer_action, code_action, parse_step
from tests import tiny


def tiny_model() -> PolicyValueModel:
    """Return a randomly initialised Llama of two layers with a fresh value head."""
    torch.set_num_threads(1)
    model = tiny.tiny_model()
    model.value_head = ValueHead(model.value_head.in_features)
    return model


def grow(
    node: Node,
    action: str,
    observation: str | None = None,
    *,
    failed: bool = False,
    model: PolicyValueModel | None = None,
) -> Node:
    """Add a child by hand; with a model, its step carries the model's own tokens."""
    tokens = model.encoder.text(action, trusted=True) if model is not None else ()
    step = parse_step(action)
    state = apply_step(node.state, action, step, observation=observation, failed=failed, token_ids=tokens)
    node.expanded = True
    return node.add_child(state, logprob=-0.5, prior=0.9)


def judge(leaf: Node, reward: float) -> Node:
    """Judge an answered leaf and back its reward up."""
    leaf.reward = reward
    leaf.backup(reward)
    return leaf


def solved(
    question: str,
    steps: Sequence[tuple[str, str | None]],
    answer: str,
    reward: float,
    *,
    failed: Sequence[int] = (),
    model: PolicyValueModel | None = None,
) -> Tree:
    """Return a tree that is one path: code steps (source, output), then the answer; `failed` says which erred."""
    node = root = Node(State(question))
    for index, (code, output) in enumerate(steps):
        node = grow(node, code_action("Add.", code), output, failed=index in failed, model=model)
    judge(grow(node, answer_action("Done.", answer), model=model), reward)
    return Tree(root)
