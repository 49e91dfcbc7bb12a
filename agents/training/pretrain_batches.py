"""Batches of written work for pretraining: padded documents, made in a process beside the one that trains."""

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
        phase: `clean` or `mixed`.
        population: who writes the mixed corpus.
        batch: documents an update, of all replicas together.
    """

    tokenizer: PreTrainedTokenizerBase
    seed: int
    phase: Phase
    population: Population
    batch: int

    def batches(self, start: int, replica: Replica) -> Iterator[Batch]:
        """Return the replica's share of each update's documents, from update `start` of the phase on, without end."""
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        stream = _Stream(self, start, replica)
        return iter(torch.utils.data.DataLoader(stream, batch_size=None, num_workers=1, prefetch_factor=20))

    def groups(self, start: int) -> Iterator[list[Document]]:
        """Yield the documents of each update, from update `start` of the phase on, without end."""
        skip = start % WINDOW
        encoder = StateEncoder(self.tokenizer)
        source = documents(encoder, self.seed, self.phase, (start - skip) * self.batch, self.population)
        order = torch.randperm(WINDOW, generator=torch.Generator().manual_seed(self.seed)).tolist()
        while True:
            window = sorted((next(source) for _ in range(WINDOW * self.batch)), key=lambda each: len(each.token_ids))
            for place in order[skip:]:
                yield window[place * self.batch : (place + 1) * self.batch]
            skip = 0


class _Stream(torch.utils.data.IterableDataset[Batch]):
    def __init__(self, corpus: Corpus, start: int, replica: Replica) -> None:
        self._corpus, self._start, self._replica = corpus, start, replica

    def __iter__(self) -> Iterator[Batch]:
        for group in self._corpus.groups(self._start):
            yield share_of(group, self._replica)
