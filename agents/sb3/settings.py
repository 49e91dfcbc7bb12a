"""What a trained policy depends on, and the files that it is kept in. Loads neither torch nor stable-baselines3."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Literal, Self

from agents.reporting.files import write_json
from amz_env.dynamics import Rules

Algorithm = Literal["ppo", "dqn", "maskable-ppo"]
ALGORITHMS: Final[tuple[Algorithm, ...]] = ("ppo", "dqn", "maskable-ppo")
POLICY_FILE: Final = "policy.zip"
BUFFER_FILE: Final = "replay_buffer.pkl"  # of DQN
_SETTINGS_FILE: Final = "agent.json"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a trained policy depends on besides its weights and the language model that proposes.

    Attributes:
        algorithm: one of `ALGORITHMS`.
        k: number of slots, at least 1.
        temperature: of proposing, at least 0.
        projection: numbers that are seen of a hidden state, at least 0.
        rules: limits and format of the episodes.
    """

    algorithm: Algorithm = "maskable-ppo"
    k: int = 5
    temperature: float = 0.7
    projection: int = 16
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        if self.algorithm not in ALGORITHMS:
            raise ValueError(f"unknown algorithm {self.algorithm!r} (known: {', '.join(ALGORITHMS)})")
        if self.k < 1:
            raise ValueError(f"k must be at least 1, got {self.k}")
        if not 0 <= self.temperature < float("inf"):
            raise ValueError(f"temperature must be a finite number of at least 0, got {self.temperature}")
        if self.projection < 0:
            raise ValueError(f"projection must be at least 0, got {self.projection}")

    def save(self, folder: Path) -> None:
        """Write the settings into a folder."""
        write_json(folder / _SETTINGS_FILE, asdict(self))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return the settings of the policy in a folder.

        Raises:
            ValueError: there is none, or one of another version.
        """
        for name in (_SETTINGS_FILE, POLICY_FILE):  # a training that was killed early has left the first alone
            if not (folder / name).exists():
                raise ValueError(f"{folder} holds no trained policy (no {name} in it); make one with amz sb3")
        path = folder / _SETTINGS_FILE
        saved = json.loads(path.read_text())
        try:  # before there was a projection, policies were trained without one
            return cls(**{"projection": 0} | saved | {"rules": Rules(**saved["rules"])})
        except (TypeError, KeyError) as error:
            raise ValueError(f"{path} is of another version ({error}); train the policy anew") from None
