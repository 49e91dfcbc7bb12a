"""The policies' networks: every slot is scored by the same network, so that what is learned of one holds for all.

A plain perceptron over all slots has to learn what a good candidate looks like once for each slot, which takes many
times the steps. A slot's score depends on its own candidate, on the mean of all candidates, and on the state.
"""

from typing import Any

import torch
from stable_baselines3.common.policies import ActorCriticPolicy
from stable_baselines3.dqn.policies import DQNPolicy, QNetwork
from torch import Tensor, nn

from amz_env.choices import CANDIDATE_FEATURES, STATE_FEATURES

_WIDTH = 64
_SCALE = 80.0  # 0.05 more of probability: e^4 times as likely to be taken, to begin with
_PROBABILITY = 2  # its place among a candidate's features


class SlotScores(nn.Module):
    """Scores K slots from an observation of `ChooseStep`.

    Letters of shapes: B rows, K slots, F features of a candidate, G of the state, W width.

    Args:
        size: length of an observation, K * F + G.
        k: number of slots.
    """

    def __init__(self, size: int, k: int) -> None:
        super().__init__()
        self.k = k
        extra = (size - k * CANDIDATE_FEATURES - STATE_FEATURES) // (k + 1)
        self.own, self.state = CANDIDATE_FEATURES + extra, STATE_FEATURES + extra
        inputs = 2 * self.own + self.state
        self.hidden = nn.Sequential(nn.Linear(inputs, _WIDTH), nn.Tanh(), nn.Linear(_WIDTH, _WIDTH), nn.Tanh())
        self.score = nn.Linear(_WIDTH, 1)

    def forward(self, observations: Tensor) -> Tensor:
        """Return the scores of the slots. [B, K * F + G] -> [B, K]."""
        scores: Tensor = self.score(self.of_slots(observations))
        return scores.squeeze(-1)

    def of_slots(self, observations: Tensor) -> Tensor:
        """Return what is made of each slot. [B, K * F + G] -> [B, K, W]."""
        slots = self.slots(observations)
        shared = torch.cat([slots.mean(1), observations[:, -self.state :]], -1)
        hidden: Tensor = self.hidden(torch.cat([slots, shared[:, None].expand(-1, self.k, -1)], -1))
        return hidden

    def slots(self, observations: Tensor) -> Tensor:
        """Return what is seen of each slot. [B, K * F + G] -> [B, K, F]."""
        return observations[:, : -self.state].reshape(len(observations), self.k, self.own)


class ActorAndCritic(nn.Module):
    """The two networks of an actor-critic policy, in the form that stable-baselines3 calls an extractor.

    The actor's logits are scores plus a linear function of what is said of a candidate, its hidden state apart. That
    function begins as the candidate's mean probability, so that an untrained policy does what the language model finds
    likely. Begun without a preference, or a weak one, a policy learns what serves one that goes on at random (to take
    what most proposals agree on), and ends below where this one begins.

    Args:
        size: length of an observation.
        k: number of slots.
    """

    def __init__(self, size: int, k: int) -> None:
        super().__init__()
        self.actor, self.critic = SlotScores(size, k), SlotScores(size, k)
        # A parameter and no layer: stable-baselines3 draws the weights of layers anew.
        self.direct = nn.Parameter(torch.eye(CANDIDATE_FEATURES)[_PROBABILITY])
        self.latent_dim_pi, self.latent_dim_vf = k, _WIDTH

    def forward(self, observations: Tensor) -> tuple[Tensor, Tensor]:
        """Return the actor's and the critic's part. [B, size] -> [B, K], [B, W]."""
        return self.forward_actor(observations), self.forward_critic(observations)

    def forward_actor(self, observations: Tensor) -> Tensor:
        """Return the logits of the slots. [B, size] -> [B, K]."""
        seen = self.actor.slots(observations)[..., :CANDIDATE_FEATURES]
        logits: Tensor = self.actor(observations) + _SCALE * (seen @ self.direct)
        return logits

    def forward_critic(self, observations: Tensor) -> Tensor:
        """Return what the value is read from. [B, size] -> [B, W]."""
        return self.critic.of_slots(observations).mean(1)


class SlotNetworks:
    """What makes an actor-critic policy of stable-baselines3 score its slots; to be inherited before the policy."""

    def _build_mlp_extractor(self: Any) -> None:
        self.mlp_extractor = ActorAndCritic(self.observation_space.shape[0], self.action_space.n).to(self.device)

    def _build(self: Any, lr_schedule: Any) -> None:
        super()._build(lr_schedule)  # type: ignore[misc] # the policy that is inherited beside has it
        self.action_net = nn.Identity()  # the actor gives the logits themselves
        nn.init.zeros_(self.mlp_extractor.actor.score.weight)  # to begin with, the direct part alone
        self.optimizer = self.optimizer_class(self.parameters(), lr=lr_schedule(1), **self.optimizer_kwargs)


class SlotPolicy(SlotNetworks, ActorCriticPolicy):
    """The policy of PPO."""


class SlotQPolicy(DQNPolicy):
    """The policy of DQN: a slot's score is its Q."""

    def make_q_net(self) -> QNetwork:
        """Return a network of the base class that scores slots."""
        net = super().make_q_net()
        net.q_net = SlotScores(self.observation_space.shape[0], int(self.action_space.n)).to(self.device)
        return net
