"""Word problems over a graph of quantities."""

from amz_env.problems.base import FamilyTable
from amz_env.problems.gsm.families.comparisons import comparisons
from amz_env.problems.gsm.families.durations import durations
from amz_env.problems.gsm.families.percent import percent
from amz_env.problems.gsm.families.rates import rates
from amz_env.problems.gsm.families.sharing import sharing
from amz_env.problems.gsm.families.shopping import shopping
from amz_env.problems.gsm.families.totals import totals
from amz_env.problems.gsm.families.transfers import transfers
from amz_env.problems.gsm.families.unknown import unknown_start
from amz_env.problems.gsm.misconceptions import MISCONCEPTIONS

ALL_LEVELS = frozenset(range(1, 6))

FAMILIES: FamilyTable = {
    "comparisons": (comparisons, ALL_LEVELS),
    "totals": (totals, ALL_LEVELS),
    "shopping": (shopping, ALL_LEVELS),
    "rates": (rates, ALL_LEVELS),
    "unknown-start": (unknown_start, ALL_LEVELS),
    "time": (durations, ALL_LEVELS),
    "sharing": (sharing, ALL_LEVELS),
    "percent": (percent, ALL_LEVELS),
    "transfers": (transfers, ALL_LEVELS),
}

__all__ = ["FAMILIES", "MISCONCEPTIONS"]
