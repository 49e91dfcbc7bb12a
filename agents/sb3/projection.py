"""A fixed random projection of hidden states: what a policy sees of what the language model makes of a text.

Signs in place of Gaussian numbers keep distances as well (Achlioptas, "Database-friendly random projections", 2003),
and are the same on every platform: they are the raw bits of a seeded generator.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from torch import Tensor

_SEED = 20240503
_WORD = 64


@cache
def signs(dimension: int, size: int) -> npt.NDArray[np.float32]:
    """Return D rows of H signs, each +1 or -1; of more rows, the first are the same. [D, H]."""
    words = -(-size // _WORD)  # a whole number of them for each row
    raw = np.random.PCG64(_SEED).random_raw(dimension * words).reshape(dimension, words, 1)
    bits = (raw >> np.arange(_WORD, dtype=np.uint64)) & np.uint64(1)
    return bits.reshape(dimension, -1)[:, :size].astype(np.float32) * 2 - 1


def projected(hidden: "Sequence[Tensor | None]", dimension: int) -> list[tuple[float, ...]]:
    """Return the projections of hidden states.

    Each is scaled to a root mean square of 1, projected to D numbers of about that size, and bounded by tanh.

    Args:
        hidden: [H] each; one that is not known is projected to zeros.
        dimension: D, at least 0.

    Returns:
        Numbers in [-1, 1]. [D] each
    """
    nothing = (0.0,) * dimension
    known = [each for each in hidden if each is not None]
    if not known or not dimension:
        return [nothing] * len(hidden)
    import torch

    vectors = torch.stack(known).float().cpu().numpy()
    size = vectors.shape[1]
    scale = np.sqrt(np.square(vectors).mean(1, keepdims=True) * size) + 1e-9
    rows = iter(np.tanh(vectors / scale @ signs(dimension, size).T).tolist())
    return [nothing if each is None else tuple(next(rows)) for each in hidden]
