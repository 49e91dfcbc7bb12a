"""The pretraining corpus of the small model that ships: written work of simulated students on training problems.

Three phases. `copy` is no work at all but the tokens of some, shuffled and said twice: to look up what followed a token
before is what all reading of questions is made of, and from work alone a small model learns it slowly. `clean` is
worked by perfect students: it gives the ability. `mixed` is worked by students of whom most hold some misconceptions,
some so common that the likeliest step is a wrong one, so that more than half of it is wrong: it hides the ability, as
the unlabelled web does. No document says whether its answer is right; students print whether a result fits the
question, where that is easy, and go on all the same.

Document i is a pure function of (seed, phase, i), so a corpus needs no files and a run resumes at any document.
Questions come from the training split only.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
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

    sets: tuple[str, ...] = ("mini-gsm", "mini-gsm", "mini-gsm", "mini-math", "mini-math", "mini-guess")
    confused: float = 0.7
    prevalence: tuple[float, float] = (0.12, 0.8)
    common: float | None = 0.7
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


def documents(encoder: StateEncoder, seed: int, phase: Phase, start: int, population: Population) -> Iterator[Document]:
    """Yield the documents of a phase from number `start` on, without end."""
    index = start
    while True:
        document = encode_work(encoder, draw_work(seed, phase, index, population))
        yield recital(document, rng_of("recital", seed, index)) if phase == "copy" else document
        index += 1
