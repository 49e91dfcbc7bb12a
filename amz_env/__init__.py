"""AlphaMath Almost Zero as a Gymnasium environment: steps with code as actions, right or wrong as the reward.

Importing this package registers ``MathReasoning-v0``. It loads neither torch nor sympy.
"""

import gymnasium

from amz_env.dynamics import Rules, State, TakenStep, transition, transition_async
from amz_env.env import MathReasoningEnv
from amz_env.grading import Grade, grade
from amz_env.problems import Problem, ProblemSource, load_problems
from amz_env.steps import Step, answer_action, code_action, parse_step

__all__ = [
    "Grade",
    "MathReasoningEnv",
    "Problem",
    "ProblemSource",
    "Rules",
    "State",
    "Step",
    "TakenStep",
    "answer_action",
    "code_action",
    "grade",
    "load_problems",
    "parse_step",
    "transition",
    "transition_async",
]

gymnasium.register(
    id="MathReasoning-v0",
    entry_point="amz_env.env:MathReasoningEnv",
    vector_entry_point="amz_env.vector:MathReasoningVectorEnv",
)
