"""Training problems whose key may be wrong: every tree contradicts it, and the trees agree among themselves.

A wrong key does a round little harm: its problem yields no right path, and the right work that it calls wrong is at
most `most_wrong` paths of the value's training. But whoever made the problems wants to know. A problem is suspect when

    its trees reached at least LEAST answers, each counted as often as it was proposed, all judged and none right, and
    at least AGREEMENT of them equal the most common one, as `amz_env.grade` compares.

Answers of which the grader cannot say whether they equal the key do not count. A suspect is not a proof: a model that
errs the same way every time looks the same.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents.reporting.trees import SavedTree
from amz_env.grading import grade
from amz_env.problems.base import Problem

LEAST: Final = 4
"""Answers that the trees of a problem must have reached."""

AGREEMENT: Final = 0.6
"""Share of those that must agree."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """What the trees of one problem say against its key.

    Attributes:
        answer: the answer that they agree on, as most of them write it.
        agree: how many proposals give it.
        answered: how many proposals give an answer.
    """

    answer: str
    agree: int
    answered: int

    def to_json(self, index: int, problem: Problem) -> dict[str, Any]:
        """Return it as plain values, with the problem."""
        about = {"index": index, "id": problem.id, "source": problem.source, "question": problem.question}
        found = {"answer": self.answer, "agree": self.agree, "answered": self.answered}
        return about | {"key": problem.answer} | found


def suspect_of(saved: Sequence[SavedTree]) -> Suspect | None:
    """Return what the judged trees of one problem say against its key, None where they say nothing."""
    leaves = [leaf for each in saved for leaf in each.tree.answers() if leaf.reward is not None]
    counts = Counter[str]()
    for leaf in leaves:
        counts[leaf.state.answer or ""] += leaf.copies
    answered = counts.total()
    if answered < LEAST or any(leaf.reward == 1.0 for leaf in leaves):
        return None
    [(common, _)] = counts.most_common(1)
    agree = sum(count for answer, count in counts.items() if answer == common or grade(answer, common).correct)
    return Suspect(common, agree, answered) if agree >= AGREEMENT * answered else None
