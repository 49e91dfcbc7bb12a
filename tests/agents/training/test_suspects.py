"""A wrong key in a tenth of the training problems: the rounds go on, and say which."""

import json
from pathlib import Path

import pytest

from agents.model import PolicyValueModel, save_model
from agents.reporting.files import read_lines
from agents.reporting.trees import SavedTree
from agents.search.tree import Node, Tree
from agents.training.config import TrainConfig, TrainingOptions
from agents.training.rounds import run_rounds
from agents.training.suspects import suspect_of
from amz_env.dynamics import State
from amz_env.steps import answer_action
from tests.agents.training.test_expert_iteration import Stop, contents
from tests.agents.training.toys import grow, judge, tiny_model
from tests.fakes import Option, ScriptedEngine

TRUTH = {f"What is {a} plus {a}?": str(2 * a) for a in range(20)}
WRONGLY_KEYED = ["What is 4 plus 4?", "What is 13 plus 13?"]


def knows_all(model: PolicyValueModel, fail_after: int | None = None) -> ScriptedEngine:
    """An engine that solves everything, in several wordings, and rarely errs."""
    left = [fail_after]

    def policy(state: State) -> list[Option]:
        truth = TRUTH[state.question]
        right = [Option(answer_action(said, truth), -1.3) for said in ("So.", "Hence.", "Thus.", "Clearly.")]
        return [*right, Option(answer_action("Or.", "-999"), -4.0)]

    def fail(_: State) -> None:
        if left[0] is not None:
            left[0] -= 1
            if left[0] < 0:
                raise Stop

    return ScriptedEngine(policy, fail=fail)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wrong-keys")
    save_model(tiny_model(), folder / "base")
    rows = [
        {"question": question, "answer": "5000" if question in WRONGLY_KEYED else truth}
        for question, truth in TRUTH.items()
    ]
    (folder / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def config_of(folder: Path, name: str) -> TrainConfig:
    return TrainConfig(
        run_dir=folder / name,
        model=str(folder / "base"),
        problems=(str(folder / "train.jsonl"),),
        eval_problems=("mini-gsm",),
        eval_size=0,
        rounds=2,
        trees=2,
        simulations=4,
        training=TrainingOptions(epochs=1, batch=16, micro_batch=16),
    )


def test_exactly_the_wrong_keys_are_named_and_training_goes_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_rounds(config_of(folder, "whole"), make_engine=knows_all)
    said = capsys.readouterr().err
    for number in (1, 2):
        round_dir = folder / "whole" / f"round-{number}"
        named = list(read_lines(round_dir / "suspects.jsonl"))
        assert [each["question"] for each in named] == WRONGLY_KEYED
        assert [(each["key"], each["answer"]) for each in named] == [("5000", "8"), ("5000", "26")]
        assert all(0.6 * each["answered"] <= each["agree"] for each in named)
        metrics = json.loads((round_dir / "metrics.json").read_text())
        assert metrics["data"]["suspect_keys"] == 2 and metrics["data"]["solved"] == 18
        assert metrics["training"]["log"] and (round_dir / "checkpoint" / "config.json").exists()
        line = f"round {number}: 2 problems look wrongly keyed, the trees agree on another answer: "
        assert line + str(round_dir / "suspects.jsonl") in said

    with pytest.raises(BaseException) as caught:
        run_rounds(config_of(folder, "stopped"), make_engine=lambda model: knows_all(model, fail_after=25))
    assert caught.group_contains(Stop) if isinstance(caught.value, BaseExceptionGroup) else caught.type is Stop
    run_rounds(config_of(folder, "stopped"), make_engine=knows_all)
    assert contents(folder / "stopped") == contents(folder / "whole")


def answered(*answers: tuple[str, float | None], copies: int = 1) -> list[SavedTree]:
    root = Node(State("How many?"))
    for place, (answer, reward) in enumerate(answers):
        leaf = grow(root, answer_action(f"Wording {place}.", answer))
        leaf.copies = copies
        if reward is not None:
            judge(leaf, reward)
    return [SavedTree(Tree(root))]


def test_a_suspect_needs_enough_answers_that_agree_and_none_as_keyed() -> None:
    found = suspect_of(answered(("0.5", -1), ("1/2", -1), ("0.5", -1), ("7", -1), ("8", -1)))
    assert found is not None and (found.answer, found.agree, found.answered) == ("0.5", 3, 5)
    assert suspect_of(answered(("3", -1), ("3", -1), ("3", -1))) is None  # too few
    assert suspect_of(answered(("3", -1), ("3", -1), ("4", -1), ("5", -1))) is None  # half agree
    assert suspect_of(answered(("3", -1), ("3", -1), ("3", -1), ("9", 1))) is None  # one is as keyed
    assert suspect_of(answered(("3", -1), ("3", -1)) + answered(("3", -1), ("3", -1))) is not None  # over all trees
    assert suspect_of(answered(("3", None), ("3", None), ("3", None), ("3", None))) is None  # nobody knows
    repeated = suspect_of(answered(("3", -1), copies=4))
    assert repeated is not None and (repeated.agree, repeated.answered) == (4, 4)
