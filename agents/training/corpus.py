"""The pretraining corpus of the small model that ships: written work of simulated students on training problems.

Three phases. `copy` is no work at all: its documents say the tokens of some work twice, shuffled, and later in turn
with that the sentences of a question again, in another order. To look up what followed a token before, and then what
followed several of them, is what all reading of questions is made of, and from work alone a small model learns it
slowly. `clean` is worked by perfect students: it gives the ability. `mixed` is worked by students of whom most hold
some misconceptions, some so common that the likeliest step is a wrong one, so that more than half of it is wrong: it
hides the ability, as the unlabelled web does. No document says whether its answer is right; students print whether a
result fits the question, where that is easy, and go on all the same.

Document i is a pure function of (seed, phase, i), so a corpus needs no files and a run resumes at any document.
Questions come from the training split only.
"""

import random
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from agents.model.encoding import StateEncoder
from amz_env.dynamics import State, TakenStep
from amz_env.problems.base import Draft, rng_of, split_of
from amz_env.problems.generated import TRAINING_SETS, families, misconceptions, subjects_by_level
from amz_env.problems.students import Student, draw_student, perfect
from amz_env.steps import Step

Phase = Literal["copy", "clean", "mixed"]

LEVEL_WEIGHTS = (5, 4, 4, 3, 3)
"""How often levels 1 to 5 are drawn: easy work is more common, as on the web."""

RECITALS = 16_000
"""Documents of the copy phase before every other one tells sentences again: shuffled tokens teach copying sooner."""


@dataclass(frozen=True, slots=True)
class Population:
    """Who writes the corpus, and on what; all but the sets is about the mixed phase.

    Attributes:
        sets: the built-in sets whose training problems are worked, each as often as it is named.
        confused: share of students with misconceptions; the others only slip.
        prevalence: range of the misconceptions' shares among the confused; each share is drawn once for all.
        common: share of misconceptions that are as common as the range allows; the others are as rare. None spreads
            them evenly over the range. A sample of a problem with k occasions is right with probability (1 - p)^k: what
            is common hides long problems from greedy decoding, and what is not rare hides them from sampling, too.
        slip: probability of a careless mistake at each occasion, for everybody.
        checking: share of students that print, where it is easy, whether a result fits the question.
    """

    sets: tuple[str, ...] = ("mini-gsm", "mini-gsm", "mini-math", "mini-math", "mini-guess")
    confused: float = 0.7
    prevalence: tuple[float, float] = (0.12, 0.8)
    common: float | None = 0.5
    slip: float = 0.02
    checking: float = 1.0

    def __post_init__(self) -> None:
        if not self.sets or not set(self.sets) <= set(TRAINING_SETS):
            raise ValueError(f"sets to pretrain on must be among {', '.join(TRAINING_SETS)}, got {list(self.sets)}")


@dataclass(frozen=True, slots=True)
class Document:
    """One piece of written work as tokens.

    Attributes:
        token_ids: question block, actions, closings with outputs. [T]
        written: whether the student wrote the token (actions), as against the question and what code printed. [T]
    """

    token_ids: tuple[int, ...]
    written: tuple[bool, ...]


@cache
def shares(name: str, population: Population) -> Mapping[str, float]:
    """Return how many of the confused hold each misconception of a set: fixed by its name, the same in every corpus."""
    low, high = population.prevalence
    drawn = {each: rng_of("prevalence", each).random() for each in misconceptions(name)}
    if population.common is not None:
        drawn = {each: float(number >= 1 - population.common) for each, number in drawn.items()}
    return {each: low + (high - low) * number for each, number in drawn.items()}


def draw_work(seed: int, phase: Phase, index: int, population: Population) -> Draft:
    """Return document `index` of a phase as written work on a training problem."""
    for attempt in range(1000):
        rng = rng_of("corpus", seed, phase, index, attempt)
        name = rng.choice(population.sets)
        level = rng.choices((1, 2, 3, 4, 5), LEVEL_WEIGHTS)[0]
        subject = rng.choice(subjects_by_level(name)[level])
        student = _student(name, phase, population, random.Random(rng.random()))
        draft = families(name)[subject][0](rng, level, student)
        if split_of(draft.question) == "train":
            return draft
    raise RuntimeError(f"1000 draws gave no training problem for document {index}")


def _student(name: str, phase: Phase, population: Population, rng: random.Random) -> Student:
    if phase != "mixed":
        return perfect(rng)
    if rng.random() >= population.confused:
        return draw_student(rng, {}, population.slip, population.checking)
    return draw_student(rng, shares(name, population), population.slip, population.checking)


def encode_work(encoder: StateEncoder, draft: Draft) -> Document:
    """Return written work as tokens, exactly as the environment renders it."""
    steps = []
    for written in draft.steps:
        kind: Literal["code", "answer"] = "code" if written.code is not None else "answer"
        steps.append(TakenStep(written.action, Step(kind), written.output))
    token_ids: list[int] = []
    mask: list[bool] = []
    for place, piece in enumerate(encoder.pieces(State(draft.question, steps=tuple(steps)))):
        token_ids += piece
        mask += [place % 2 == 1] * len(piece)
    return Document(tuple(token_ids), tuple(mask))


def recital(document: Document, rng: random.Random) -> Document:
    """Return the different tokens of a document in random order, twice; the second time, they are written."""
    tokens = sorted(set(document.token_ids))
    rng.shuffle(tokens)
    return Document((*tokens, *tokens), (False,) * len(tokens) + (True,) * len(tokens))


def retelling(document: Document, stops: Set[int], rng: random.Random) -> Document:
    """Return a document's question and its sentences, which end in `stops`, in random order; these are written."""
    question = document.token_ids[: document.written.index(True)]
    ends = [place + 1 for place, token in enumerate(question) if token in stops] or [len(question)]
    sentences = [question[start:end] for start, end in pairwise([1, *ends])]
    rng.shuffle(sentences)
    told = tuple(token for sentence in sentences for token in sentence)
    return Document((*question, *told), (False,) * len(question) + (True,) * len(told))


def documents(encoder: StateEncoder, seed: int, phase: Phase, start: int, population: Population) -> Iterator[Document]:
    """Yield the documents of a phase from number `start` on, without end."""
    stops = frozenset(encoder.tokenizer.convert_tokens_to_ids([".", "?"]))
    index = start
    while True:
        document = encode_work(encoder, draw_work(seed, phase, index, population))
        if phase == "copy":
            rng = rng_of("copy", seed, index)
            tells = index >= RECITALS and index % 2
            document = retelling(document, stops, rng) if tells else recital(document, rng)
        yield document
        index += 1
