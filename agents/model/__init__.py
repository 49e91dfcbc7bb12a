"""The policy and value model: any causal LM with a value head, on disk and in memory, and the small one that ships."""

from agents.model.checkpoint import has_value_head, load_model, resolve_model, save_model
from agents.model.policy_value import PolicyValueModel, ValueHead

__all__ = ["PolicyValueModel", "ValueHead", "has_value_head", "load_model", "resolve_model", "save_model"]
