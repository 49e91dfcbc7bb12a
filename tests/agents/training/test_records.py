import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from agents.model import PolicyValueModel
from agents.search.tree import Node, Tree
from agents.training.records import (
    L1_CONFIRMED,
    L2_CLEAN,
    L3_REST,
    Record,
    choose_paths,
    expected_outcome,
    make_record,
    q_of,
    quality,
    read_records,
    records_of,
    write_records,
)
from amz_env.dynamics import State
from amz_env.steps import answer_action, code_action
from tests.agents.training.toys import grow, judge, solved, tiny_model

QUESTION = "What is 3 plus 4?"


@pytest.fixture(scope="module")
def model() -> PolicyValueModel:
    return tiny_model()


def branching(model: PolicyValueModel | None = None) -> Tree:
    """A code step, then a right and a wrong answer; the right one was found first."""
    root = Node(State(QUESTION))
    code = grow(root, code_action("Add.", "print(3 + 4)"), "7", model=model)
    code.backup(0.2)
    judge(grow(code, answer_action("Done.", "7"), model=model), 1.0)
    judge(grow(code, answer_action("Done.", "8"), model=model), -1.0)
    return Tree(root)


def one(trees: list[Tree], model: PolicyValueModel) -> Record:
    [record] = records_of("p", trees, model.pieces)
    return record


def test_targets_are_q_of_every_step_and_exactly_one_at_the_end(model: PolicyValueModel) -> None:
    right, wrong = records_of("p", [branching(model)], model.pieces)
    assert right.right and not wrong.right
    assert right.targets == pytest.approx(((0.2 + 1.0 - 1.0) / 3, 1.0))
    assert wrong.targets == (right.targets[0], -1.0)
    assert right.targets[-1] == 1.0


def test_the_expected_outcome_knows_nothing_of_estimates_and_counts_failures_as_wrong(model: PolicyValueModel) -> None:
    tree = branching(model)
    code = tree.root.children[0]
    assert expected_outcome(code) == 0.0 and q_of(code) == pytest.approx(0.2 / 3)
    for _ in range(3):
        code.backup(0.9)  # estimates of unfinished states
    code.children[0].copies = 3  # of the proposals, three were this right answer and one the wrong one
    assert expected_outcome(code) == pytest.approx(0.5)
    code.add_child(State(QUESTION, steps=code.state.steps, end="length"), 0.0, 1.0)
    assert expected_outcome(code) == pytest.approx(0.2)
    other = grow(tree.root, code_action("Subtract.", "print(3 - 4)"), "-1", model=model)
    assert expected_outcome(other) == 0.0  # nothing is known where nothing ended
    assert expected_outcome(tree.root) == pytest.approx(0.2)
    judge(grow(other, answer_action("Done.", "-1"), model=model), -1.0)
    assert expected_outcome(tree.root) == pytest.approx(-0.4)  # the mean of both, whatever is below them
    records = records_of("p", [tree], model.pieces, target=expected_outcome)
    assert [record.targets[-1] for record in records] == [1.0, -1.0, -1.0]
    assert sorted(record.targets[0] for record in records) == pytest.approx([-1.0, 0.2, 0.2])


def test_a_state_from_which_no_step_fits_has_failed(model: PolicyValueModel) -> None:
    tree = branching(model)
    full = grow(tree.root.children[0], code_action("More.", "print(4)"), "4", model=model)
    assert expected_outcome(full) == 0.0  # it has not been expanded: nothing is known
    full.expanded = True
    assert expected_outcome(full) == -1.0
    assert expected_outcome(tree.root.children[0]) == pytest.approx(-1 / 3)


def test_an_answer_that_could_not_be_judged_is_no_path_and_no_outcome(model: PolicyValueModel) -> None:
    tree = branching(model)
    grow(tree.root.children[0], answer_action("Done.", "?"), model=model)
    assert expected_outcome(tree.root.children[0]) == 0.0
    assert [record.right for record in records_of("p", [tree], model.pieces)] == [True, False]


def test_a_path_is_drawn_for_every_leaf_that_it_stands_for() -> None:
    root = Node(State(QUESTION))
    for answer, copies in (("8", 9), ("9", 1)):
        leaf = grow(root, answer_action("Done.", answer))
        leaf.copies = copies
        judge(leaf, -1.0)
    first = [
        choose_paths([Tree(root)], most_right=1, most_wrong=1, rng=random.Random(seed))[0].leaf.state.answer
        for seed in range(400)
    ]
    assert first.count("8") == pytest.approx(360, abs=25)

    opened = grow(root, code_action("Compute.", "print(7)"), "7")
    opened.copies = 2
    judge(grow(opened, answer_action("Done.", "7")), -1.0)
    opened.children[0].copies = 5  # one path, for 2 * 5 leaves of 20
    first = [
        choose_paths([Tree(root)], most_right=1, most_wrong=1, rng=random.Random(seed))[0].leaf.state.answer
        for seed in range(400)
    ]
    assert first.count("7") == pytest.approx(200, abs=40)


def test_tokens_are_those_the_search_saw(model: PolicyValueModel) -> None:
    tree = branching(model)
    leaf = tree.answers()[0]
    record = make_record("p", leaf, 1, model.pieces)
    assert list(record.token_ids) == model.encode(leaf.state)
    for (start, end), taken in zip(record.sampled, leaf.state.steps, strict=True):
        assert record.token_ids[start:end] == taken.token_ids


def test_sampled_tokens_are_kept_although_the_tokenizer_would_cut_the_text_otherwise(model: PolicyValueModel) -> None:
    text = answer_action("Done.", "7")
    letters = tuple(token for letter in text for token in model.encoder.text(letter, trusted=True))
    tree = solved(QUESTION, [], "7", 1.0)
    leaf = tree.answers()[0]
    leaf.state = replace(leaf.state, steps=(replace(leaf.state.steps[0], token_ids=letters),))
    record = make_record("p", leaf, 2, model.pieces)
    assert record.token_ids[slice(*record.sampled[0])] == letters
    assert letters != model.encoder.text(text, trusted=True)


def test_output_and_question_are_not_sampled_and_labels_sit_on_the_line_end(model: PolicyValueModel) -> None:
    record = one([solved(QUESTION, [("print(3 + 4)", "7")], "7", 1.0, model=model)], model)
    forced = [token for at, token in enumerate(record.token_ids) if not any(a <= at < b for a, b in record.sampled)]
    assert model.encoder.decode(forced) == f"<question> {QUESTION} </question>\n\n<output>\n7\n</output>\n</step>\n\n"
    for end in record.ends:
        assert model.encoder.decode(record.token_ids[end - 1 : end + 1]) == "</step>\n"
    assert record.ends[-1] == len(record.token_ids) - 1


def test_a_printed_tag_is_no_tag(model: PolicyValueModel) -> None:
    printed = "</output></step>"
    record = one([solved(QUESTION, [("print('x')", printed)], "7", 1.0, model=model)], model)
    closing = model.tokenizer.get_vocab()["</step>"]
    assert record.token_ids.count(closing) == 2  # one for each real step


@pytest.mark.parametrize(
    ("steps", "failed", "level"),
    [
        ([("print(3 + 4)", "7")], (), L1_CONFIRMED),
        ([("print(14 / 2)", "7.0"), ("print(1)", "1")], (), L1_CONFIRMED),
        ([("x", "NameError: x"), ("print(7)", "7")], (0,), L1_CONFIRMED),
        ([("print(3)", "3")], (), L2_CLEAN),
        ([], (), L2_CLEAN),
        ([("x", "NameError: x"), ("print(3)", "3")], (0,), L3_REST),
        # The released code looked for the word; printing it is no failure.
        ([("print('no Error')", "no Error")], (), L2_CLEAN),
    ],
)
def test_quality_of_right_paths(steps: list[tuple[str, str]], failed: tuple[int, ...], level: int) -> None:
    assert quality(solved(QUESTION, steps, "7", 1.0, failed=failed).answers()[0]) == level


def test_better_right_paths_come_first_and_at_most_four_of_each_are_kept() -> None:
    confirmed = [solved(QUESTION, [(f"print({i})", f"{i}"), ("print(7)", "7")], "7", 1.0) for i in range(3)]
    clean = [solved(QUESTION, [(f"print({i})", f"{i}")], "7", 1.0) for i in range(10, 20)]
    wrong = [solved(QUESTION, [(f"print({i})", f"{i}")], "8", -1.0) for i in range(9)]
    chosen = choose_paths([*clean, *wrong, *confirmed], most_right=4, most_wrong=4, rng=random.Random(0))
    assert [each.quality for each in chosen] == [1, 1, 1, 2, 0, 0, 0, 0]
    assert len({id(each.leaf) for each in chosen}) == 8


def test_wrong_paths_that_leave_a_right_one_late_come_first_if_wanted() -> None:
    root = Node(State(QUESTION))
    early = [judge(grow(root, answer_action("Guess.", str(guess))), -1.0) for guess in range(20, 26)]
    first = grow(root, code_action("Add.", "print(3 + 4)"), "7")
    second = grow(first, code_action("Check.", "print(7)"), "7")
    middle = judge(grow(first, answer_action("Done.", "8")), -1.0)
    judge(grow(second, answer_action("Done.", "7")), 1.0)
    last = judge(grow(second, answer_action("Done.", "9")), -1.0)
    elsewhere = solved(QUESTION, [("print(1)", "1"), ("print(2)", "2"), ("print(3)", "3")], "3", -1.0)

    def wrong(late: bool, seed: int) -> list[Node]:
        chosen = choose_paths([elsewhere, Tree(root)], most_right=4, most_wrong=3, late=late, rng=random.Random(seed))
        return [each.leaf for each in chosen if each.quality == 0]

    assert all(wrong(True, seed)[:2] == [last, middle] and wrong(True, seed)[2] in early for seed in range(5))
    assert any(last not in wrong(False, seed) for seed in range(5))


def test_copies_are_dropped_over_all_trees() -> None:
    trees = [solved(QUESTION, [("print(3 + 4)", "7")], "7", 1.0) for _ in range(3)]
    [chosen] = choose_paths(trees, most_right=4, most_wrong=4, rng=random.Random(0))
    assert chosen.leaf is trees[0].answers()[0]


def test_other_words_for_the_same_code_and_answer_are_no_other_path() -> None:
    tree = branching()
    [code] = tree.root.children
    judge(grow(code, answer_action("So this is the answer.", "8")), -1.0)
    judge(grow(code, answer_action("Done.", "9")), -1.0)
    other = grow(tree.root, code_action("Put them together.", "print(3 + 4)"), "7")
    judge(grow(other, answer_action("Done.", "7")), 1.0)
    chosen = choose_paths([tree], most_right=4, most_wrong=4, rng=random.Random(0))
    assert [each.leaf.state.answer for each in chosen if each.leaf.reward == 1.0] == ["7"]
    assert sorted(each.leaf.state.answer or "" for each in chosen if each.leaf.reward == -1.0) == ["8", "9"]


@pytest.mark.parametrize("reward", [1.0, -1.0])
def test_a_solution_in_which_every_code_step_fails_is_dropped(reward: float) -> None:
    bad = solved(QUESTION, [("x", "NameError: x")] * 2, "7", reward, failed=(0, 1))
    mixed = solved(QUESTION, [("x", "NameError: x"), ("print(1)", "1")], "7", reward, failed=(0,))
    chosen = choose_paths([bad, mixed], most_right=4, most_wrong=4, rng=random.Random(0))
    assert [each.leaf for each in chosen] == mixed.answers()


def test_leaves_without_an_answer_are_no_paths(model: PolicyValueModel) -> None:
    root = Node(State(QUESTION))
    malformed = grow(root, "no tags at all", model=model)
    malformed.backup(-1.0)
    assert malformed.terminal
    assert records_of("p", [Tree(root)], model.pieces) == []
    with pytest.raises(ValueError, match="no judged answer"):
        make_record("p", malformed, 0, model.pieces)


def test_problems_with_the_same_text_are_drawn_apart(model: PolicyValueModel) -> None:
    trees = [solved(QUESTION, [(f"print({i})", f"{i}")], "8", -1.0, model=model) for i in range(12)]
    first, again, second = (records_of(name, trees, model.pieces) for name in ("a", "a", "b"))
    assert first == again
    assert [record.problem for record in second] == ["b"] * 4
    assert [record.token_ids for record in first] != [record.token_ids for record in second]


def test_records_survive_the_disk_and_a_torn_last_line_is_dropped(model: PolicyValueModel, tmp_path: Path) -> None:
    records = records_of("p", [branching(model)], model.pieces)
    path = tmp_path / "records.jsonl"
    write_records(path, records)
    assert read_records(path) == records
    with path.open("a") as file:
        file.write(json.dumps({"problem": "p"})[:7])
    assert read_records(path) == records


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"targets": (0.1, 0.9)}, "last target"),
        ({"targets": (1.5, 1.0)}, r"\[-1, 1\]"),
        ({"targets": (1.0,)}, "each of its steps"),
        ({"ends": (3, 4)}, "not in order"),
        ({"right": False}, "last target"),
    ],
)
def test_a_record_that_does_not_fit_together_is_refused(
    model: PolicyValueModel, change: dict[str, object], message: str
) -> None:
    record = records_of("p", [branching(model)], model.pieces)[0]
    with pytest.raises(ValueError, match=message):
        replace(record, **change)  # type: ignore[arg-type]
