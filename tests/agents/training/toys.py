"""A tiny model and hand-made trees for the tests of the training room."""

from collections.abc import Sequence

import torch

from agents.model import PolicyValueModel
from agents.model.tokenizer import train_tokenizer
from agents.search.tree import Node, Tree
from amz_env.dynamics import State, apply_step
from amz_env.steps import answer_action, code_action, parse_step


def tiny_model(seed: int = 0, hidden: int = 32) -> PolicyValueModel:
    """Return a randomly initialised Llama of two layers with a small tokenizer."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.set_num_threads(1)
    tokenizer = train_tokenizer(
        ["Add the two numbers.", "What is 3 plus 4?", "print(3 + 4)", "The answer is"] * 50, 1400
    )
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=hidden,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        intermediate_size=2 * hidden,
        max_position_embeddings=256,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
        tie_word_embeddings=True,
    )
    return PolicyValueModel(LlamaForCausalLM(config), tokenizer)


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
