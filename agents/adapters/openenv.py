"""The environment as an OpenEnv server (extra [openenv]), for trainers that reach environments over the network.

``uvicorn --factory agents.adapters.openenv:app`` serves the training problems of mini-gsm; `app` takes others. An
action is the text of a step, an observation question and solution so far; ``reset(index=7)`` picks a problem.
"""

from functools import partial
from typing import Any

from openenv.core.env_server import Action, Environment, Observation, State, create_app

from amz_env import MathReasoningEnv, ProblemSource


class StepAction(Action):
    """The text of one step."""

    text: str


class SolutionObservation(Observation):
    """The question and the solution so far; ``metadata`` is the environment's info."""

    text: str


class OpenMathReasoning(Environment):
    """One session: `MathReasoningEnv` in OpenEnv's words. Takes the same arguments."""

    SUPPORTS_CONCURRENT_SESSIONS = True

    def __init__(self, problems: str | ProblemSource = "mini-gsm", **options: Any) -> None:
        super().__init__()
        self._env = MathReasoningEnv(problems, **options)
        self._state = State()

    def reset(self, seed: int | None = None, episode_id: str | None = None, **options: Any) -> SolutionObservation:
        """Begin an episode on a problem drawn by `seed`, or on problem ``index``."""
        text, info = self._env.reset(seed=seed, options=options or None)
        self._state = State(episode_id=episode_id)
        return SolutionObservation(text=text, metadata=info)

    def step(self, action: StepAction, timeout_s: float | None = None, **_: Any) -> SolutionObservation:
        """Take one step; code has the environment's own time limit."""
        text, reward, terminated, truncated, info = self._env.step(action.text)
        self._state = State(episode_id=self._state.episode_id, step_count=info["steps"])
        return SolutionObservation(text=text, reward=reward, done=terminated or truncated, metadata=info)

    @property
    def state(self) -> State:
        """The episode's id and number of steps, as OpenEnv asks for them; nothing of the problem."""
        return self._state


def app(problems: str | ProblemSource = "mini-gsm", sessions: int = 64, **options: Any) -> Any:
    """Return the server's FastAPI application; `sessions` episodes may run at once."""
    make = partial(OpenMathReasoning, problems, **options)
    return create_app(make, StepAction, SolutionObservation, max_concurrent_envs=sessions)
