"""The environment in TRL's `GRPOTrainer`: code that the model calls runs here, and the final answer is graded here.

    problems = load_problems("mini-gsm", split="train", size=1000)
    trainer = GRPOTrainer(
        model="Qwen/Qwen3-0.6B",
        train_dataset=Dataset.from_list(training_rows(problems)),
        environment_factory=partial(MathRollout, problems),
        reward_funcs=outcome_reward,
        args=GRPOConfig(max_tool_calling_iterations=8),
    )

Any model that calls tools will do. A model that writes AlphaMath's tagged steps, as the one that ships, calls none:
there `agents.adapters.step_chat.speak_steps(model, tokenizer)` first, and ``step_format="alphamath"`` to `MathRollout`.
"""

from collections.abc import Sequence
from typing import Any

from amz_env import MathReasoningEnv, ProblemSource, code_action
from amz_env.steps import StepFormat

INSTRUCTION = "\n\nCompute with the python tool. Put your final answer in \\boxed{}."


class MathRollout:
    """One episode at a time, for ``environment_factory``. Whatever is public here besides `reset` is a tool.

    Args:
        problems: what `training_rows` was made of.
        step_format: ``plain``, or ``alphamath`` for models that write tagged steps.
        options: of `amz_env.MathReasoningEnv`.
    """

    def __init__(self, problems: ProblemSource, step_format: StepFormat = "plain", **options: Any) -> None:
        self._env = MathReasoningEnv(problems, step_format=step_format, **options)
        self._reward: float | None = None

    def reset(self, index: int, **_: Any) -> None:
        """Begin the episode of a row's problem."""
        self._env.reset(options={"index": index})
        self._reward = None

    def python(self, code: str) -> str:
        """Run Python code and return what it prints. Variables are kept from call to call.

        Args:
            code: The program.

        Returns:
            What it printed.
        """
        if self._reward is None:
            self._step(
                code_action("", code) if self._env.rules.step_format == "alphamath" else f"```python\n{code}\n```"
            )
            return self._env.get_state().steps[-1].observation or ""
        return "The episode is over."

    def _step(self, action: str) -> None:
        _, reward, terminated, truncated, _ = self._env.step(action)
        if terminated or truncated:
            self._reward = reward

    def _outcome(self, messages: Sequence[dict[str, Any]]) -> float:
        if self._reward is None:
            self._step(messages[-1]["content"] if messages[-1]["role"] == "assistant" else "")
        return -1.0 if self._reward is None else self._reward


def outcome_reward(completions: Sequence[Any], environments: Sequence[MathRollout], **_: Any) -> list[float]:
    """Return +1 for each rollout whose last message holds the right answer, -1 for any other end."""
    return [environment._outcome(messages) for environment, messages in zip(environments, completions, strict=True)]


def training_rows(problems: ProblemSource, instruction: str = INSTRUCTION) -> list[dict[str, Any]]:
    """Return the rows of ``train_dataset``: each question as a conversation, and its index; no answers."""
    questions = (problems[index].question for index in range(len(problems)))
    return [
        {"prompt": [{"role": "user", "content": question + instruction}], "index": index}
        for index, question in enumerate(questions)
    ]
