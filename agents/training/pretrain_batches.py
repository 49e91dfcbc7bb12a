"""Batches of written work for pretraining: padded documents, made in a process beside the one that trains."""

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from agents.model.encoding import StateEncoder
from agents.training.corpus import Document, Phase, Population, documents
from agents.training.replicas import Replica

WINDOW = 16
"""Batches that are sorted by length together, so that little is padded."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded documents.

    Shapes come in few sizes, since the CPU's kernels are prepared anew for each.

    Attributes:
        input_ids: token ids. [B, T]
        wanted: positions of the flattened batch whose next token a student wrote; logits are computed there alone. [M]
        targets: those next tokens; -100 carries no loss. [M]
        weight: the share of the update's written tokens that are here, over the share of an average replica; the mean
            over replicas of loss x weight is the mean over all tokens.
    """

    input_ids: Tensor
    wanted: Tensor
    targets: Tensor
    weight: float = 1.0

    def to(self, device: torch.device) -> "Batch":
        """Return the batch on a device."""
        return Batch(self.input_ids.to(device), self.wanted.to(device), self.targets.to(device), self.weight)


def share_of(group: list[Document], replica: Replica) -> Batch:
    """Return the replica's part of the documents of an update."""
    own = group[replica.rank :: replica.count]
    written, all_written = (sum(sum(document.written) for document in each) for each in (own, group))
    return replace(collate(own), weight=replica.count * written / all_written)


def collate(group: list[Document]) -> Batch:
    """Pad documents on the right; the target of a position is the next token, where a student wrote it."""
    width = _rounded(max(len(document.token_ids) for document in group) - 1, 16)
    input_ids = torch.zeros(len(group), width, dtype=torch.long)
    targets = torch.full((len(group), width), -100)
    for row, document in enumerate(group):
        ids, written = torch.tensor(document.token_ids), torch.tensor(document.written)
        input_ids[row, : len(ids) - 1] = ids[:-1]
        targets[row, : len(ids) - 1] = torch.where(written[1:], ids[1:], -100)
    wanted = (targets != -100).flatten().nonzero().squeeze(1)
    padding = _rounded(len(wanted), 256) - len(wanted)
    chosen = torch.cat([targets.flatten()[wanted], torch.full((padding,), -100)])
    return Batch(input_ids, torch.cat([wanted, wanted.new_zeros(padding)]), chosen)


def _rounded(size: int, unit: int) -> int:
    return -(-size // unit) * unit


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a phase of a run trains on.

    Attributes:
        tokenizer: the model's.
        seed: seed of the corpus.
        phase: `copy`, `clean` or `mixed`.
        population: who writes the mixed corpus.
        batch: documents an update, of all replicas together.
    """

    tokenizer: PreTrainedTokenizerBase
    seed: int
    phase: Phase
    population: Population
    batch: int

    def batches(self, start: int, replica: Replica, *, loaders: int = 1) -> Iterator[Batch]:
        """Return the replica's share of each update's documents, from update `start` of the phase on, without end.

        Args:
            start: the update to begin with.
            replica: whose share.
            loaders: processes that make the batches; their number does not change them.
        """
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        stream = _Windows(self, start // WINDOW, replica)
        windows = torch.utils.data.DataLoader(stream, batch_size=None, num_workers=loaders, prefetch_factor=2)
        return itertools.islice(itertools.chain.from_iterable(windows), start % WINDOW, None)

    def window(self, number: int) -> list[list[Document]]:
        """Return the documents of each update of a window, [WINDOW][batch]."""
        size = WINDOW * self.batch
        source = documents(StateEncoder(self.tokenizer), self.seed, self.phase, number * size, self.population)
        drawn = sorted(itertools.islice(source, size), key=lambda each: len(each.token_ids))
        order = torch.randperm(WINDOW, generator=torch.Generator().manual_seed(self.seed)).tolist()
        return [drawn[place * self.batch : (place + 1) * self.batch] for place in order]


class _Windows(torch.utils.data.IterableDataset[list[Batch]]):
    """The windows from number `first` on, of which each of the loading processes makes every so many-th.

    A `DataLoader` takes from its processes in turn, so that the windows come in order.
    """

    def __init__(self, corpus: Corpus, first: int, replica: Replica) -> None:
        self._corpus, self._first, self._replica = corpus, first, replica

    def __iter__(self) -> Iterator[list[Batch]]:
        info = torch.utils.data.get_worker_info()
        own, count = (info.id, info.num_workers) if info else (0, 1)
        for number in itertools.count(self._first + own, count):
            yield [share_of(group, self._replica) for group in self._corpus.window(number)]
