"""The policy of MaskablePPO, apart because sb3-contrib is an extra."""

from sb3_contrib.common.maskable.policies import MaskableActorCriticPolicy

from agents.sb3.network import SlotNetworks


class MaskedSlotPolicy(SlotNetworks, MaskableActorCriticPolicy):
    """Scores slots; those without a candidate are never taken."""
