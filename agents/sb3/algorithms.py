"""The algorithms of stable-baselines3, with options that suit short episodes and costly steps."""

from pathlib import Path
from typing import Any

from agents.sb3.settings import POLICY_FILE, Algorithm, Settings
from amz_env.choices import size

_ROLLOUT = 2048  # steps, of all sub-environments together, between updates


def algorithm_class(name: Algorithm) -> Any:
    """Return the class of an algorithm.

    Raises:
        ImportError: MaskablePPO without the extra `[sb3]`.
    """
    import stable_baselines3

    if name != "maskable-ppo":
        return {"ppo": stable_baselines3.PPO, "dqn": stable_baselines3.DQN}[name]
    try:
        from sb3_contrib import MaskablePPO
    except ImportError:
        raise ImportError("MaskablePPO needs the extra [sb3]: pip install 'alphamath-zero[sb3]'") from None
    return MaskablePPO


def policy_class(name: Algorithm) -> Any:
    """Return the policy of an algorithm: one that scores slots."""
    from agents.sb3 import network

    if name != "maskable-ppo":
        return {"ppo": network.SlotPolicy, "dqn": network.SlotQPolicy}[name]
    from agents.sb3.masked import MaskedSlotPolicy

    return MaskedSlotPolicy


def default_options(name: Algorithm, steps: int, envs: int) -> dict[str, Any]:
    """Return the options of an algorithm for a training of so many steps in so many sub-environments."""
    if name == "dqn":
        return {
            "learning_rate": 5e-4,
            "buffer_size": 100_000,
            "learning_starts": min(1_000, steps // 10),
            "batch_size": 128,
            "train_freq": 1,
            "gradient_steps": -1,  # as many as steps were taken
            "target_update_interval": 500,
            "exploration_fraction": 0.3,
        }
    length = max(4, min(_ROLLOUT, steps) // envs // 4 * 4)
    return {
        # Gentle: an episode says little, and the policy begins where the language model's own preference is.
        "learning_rate": 3e-4,
        "n_epochs": 4,
        "n_steps": length,
        # No smaller one is left over; advantages are normalised in each, and one alone has no deviation.
        "batch_size": max(2, length * envs // 4),
        "ent_coef": 0.01,
    }


def load_policy(folder: Path, settings: Settings, environment: Any = None) -> Any:
    """Return the policy that is kept in a folder, ready to go on in an environment where one is given.

    Raises:
        ValueError: it was trained on observations of another length than `settings` give.
        ImportError: MaskablePPO without the extra `[sb3]`.
    """
    from stable_baselines3.common.save_util import load_from_zip_file

    kind, path = algorithm_class(settings.algorithm), folder / POLICY_FILE
    saved, _, _ = load_from_zip_file(path, device="cpu")
    seen, given = saved["observation_space"].shape[0], size(settings.k, settings.projection)
    if seen != given:
        raise ValueError(
            f"{path} was trained on observations of {seen} numbers; k={settings.k} and projection="
            f"{settings.projection} give {given}: train the policy anew"
        )
    return kind.load(path, env=environment, device="cpu")
