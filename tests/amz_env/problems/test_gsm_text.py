"""mini-gsm: questions are read again from their text alone and worked by other means than the families' own."""

import random
import re

import pytest

from amz_env.problems.base import Draft, rng_of
from amz_env.problems.gsm import FAMILIES
from amz_env.problems.gsm.families import transfers
from amz_env.problems.students import perfect
from tests.amz_env.problems.gsm_facts import PARTS, answer_of, comparison, duration, pattern


def draw(subject: str, level: int, index: int) -> Draft:
    return FAMILIES[subject][0](rng_of(subject, level, index), level, perfect(random.Random(index)))


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_comparisons_read_from_their_text(level: int) -> None:
    for index in range(20):
        draft = draw("comparisons", level, index)
        assert comparison(draft.question) == int(draft.answer), draft.question


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_durations_read_from_their_text(level: int) -> None:
    for index in range(20):
        draft = draw("time", level, index)
        assert duration(draft.question) == int(draft.answer), draft.question


def amount(words: str, have: int) -> int:
    return have // PARTS[words] if words in PARTS else int(words)


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_transfers_read_from_their_text(level: int) -> None:
    rules = [
        *((t, "start") for t in transfers.START),
        *((t, "gift") for t in (*transfers.GIFT, *transfers.PART_GIFT)),
        *((t, "loss") for t in transfers.LOSS),
        *((t, "gain") for t in transfers.GAIN),
        *((t, "ask_one") for t in transfers.ASK_ONE),
        *((t, "ask_difference") for t in transfers.ASK_DIFFERENCE),
        *((t, "ask_total") for t in transfers.ASK_TOTAL),
    ]
    compiled = [(pattern(t), kind) for t, kind in rules]
    for index in range(40):
        draft = draw("transfers", level, index)
        have: dict[str, int] = {}
        found = None
        for sentence in re.findall(r"[^.?]+[.?]", draft.question):
            plain = re.sub(r"^(Then|After that,|Later|At last) ", "", sentence.strip())
            match, kind = next(((m, kind) for p, kind in compiled if (m := p.fullmatch(plain))), (None, ""))
            if match is None or "cousins" in sentence or "at home" in sentence:
                continue
            fields = match.groupdict()
            if kind == "start" and fields["a"] not in have:
                have[fields["a"]] = int(fields["n"])
            elif kind.startswith("ask_"):
                found = answer_of((kind, fields), have)
            else:
                n = amount(fields.get("part") or fields["n"], have[fields["a"]])
                have[fields["a"]] += n if kind == "gain" else -n
                if kind == "gift":
                    have[fields["b"]] += n
        assert found == int(draft.answer), draft.question


def test_working_back_by_trying_all_starts() -> None:
    checked = 0
    for level in (1, 2, 3, 4):
        for index in range(80):
            draft = draw("unknown-start", level, index)
            if "some" not in draft.question and "a number of" not in draft.question:
                continue
            starts = [start for start in range(1, 200) if forward(draft.question, start)]
            assert starts == [int(draft.answer)], draft.question
            checked += 1
    assert checked > 30


def forward(question: str, start: int) -> bool:
    """Return whether the story of an unknown start ends as told if it starts with `start`."""
    have = start
    for sentence in re.findall(r"[^.?]+[.?]", question)[1:-2]:
        number = re.search(r"\d+", sentence)
        n = int(number.group()) if number else 2
        if "half" in sentence:
            if have % 2:
                return False
            have //= 2
        elif "times" in sentence or "twice" in sentence:
            have *= n
        elif re.search(r"finds|buys|gets", sentence):
            have += n
        else:
            have -= n
        if have < 0:
            return False
    end = re.search(r"\d+", re.findall(r"[^.?]+[.?]", question)[-2])
    assert end is not None
    return have == int(end.group())
