"""Worked examples before the question, for base models that do not know the format."""

import itertools
from pathlib import Path

import pytest

from agents.inference import load_engine
from agents.model import PolicyValueModel, load_model, save_model
from agents.model.few_shot import SHOTS, knows_format, with_examples, worked_states
from agents.training.config import TrainConfig
from agents.training.rounds import load_round_model, load_search_model
from amz_env import State, answer_action, code_action, transition
from amz_env.grading import grade
from amz_env.interpreter import shared_interpreter
from tests.tiny import tiny_model

QUESTION = State("What is 3 plus 4?")


def test_the_examples_are_what_the_environment_makes_of_their_steps() -> None:
    for worked in worked_states(SHOTS):
        state = State(worked.question)
        for taken in worked.steps:
            state = transition(state, taken.action, shared_interpreter())
        assert state.text == worked.text
        assert state.end == "answer"
        printed = [taken.observation for taken in state.steps if taken.observation]
        assert grade(state.answer or "", printed[-1]).correct


def test_examples_stand_before_the_question_alone() -> None:
    model = tiny_model()
    bare = model.encode(QUESTION)
    assert with_examples(model, 1).encoder.decode(model.encode(QUESTION)) == (
        worked_states(1)[0].text + "\n" + model.encoder.decode(bare)
    )
    question, *steps = model.pieces(worked_states(2)[1])
    assert question[: len(model.encoder.preamble)] == model.encoder.preamble
    assert not any(set(model.encoder.preamble) <= set(step) for step in steps)
    assert with_examples(model, 0).encode(QUESTION) == bare


def test_the_tokens_of_a_state_are_those_of_the_state_before_and_more() -> None:
    # Released code: the examples were drawn anew for each prompt, so nothing computed for a node held for its child.
    model = with_examples(tiny_model(), SHOTS)
    states = [QUESTION]
    for action in (code_action("Add.", "print(3 + 4)"), answer_action("So.", "7")):
        states.append(transition(states[-1], action, shared_interpreter()))
    tokens = [model.encode(state) for state in states]
    assert tokens == [model.encode(state) for state in states]
    assert all(after[: len(before)] == before for before, after in itertools.pairwise(tokens))


def test_by_default_only_a_model_that_does_not_know_the_format_gets_examples() -> None:
    ships = load_model("builtin-base")
    assert knows_format(ships.encoder)
    assert with_examples(ships, None).encoder.preamble == ()
    plain = _without_tags()
    assert not knows_format(plain.encoder)
    assert with_examples(plain, None).encoder.preamble == with_examples(_without_tags(), SHOTS).encoder.preamble != ()


def test_a_model_that_was_never_trained_on_the_format_searches_with_examples(tmp_path: Path) -> None:
    plain, trained = tmp_path / "plain", tmp_path / "trained"
    model = _without_tags()
    model.lm.save_pretrained(plain)
    model.tokenizer.save_pretrained(plain)
    save_model(model, trained)  # with a value head, so it has been through a round
    examples = with_examples(model, SHOTS).encoder.preamble
    assert load_engine(str(plain)).model.encoder.preamble == examples
    assert load_engine(str(plain), few_shot=0).model.encoder.preamble == ()
    assert load_engine(str(trained)).model.encoder.preamble == ()
    assert load_engine(str(trained), few_shot=SHOTS).model.encoder.preamble == examples
    with pytest.raises(ValueError, match="2 worked examples, 3 were asked for"):
        load_engine(str(plain), few_shot=3)
    # In a training, the same.
    assert load_search_model(TrainConfig(model=str(plain)), 0).encoder.preamble == examples
    assert load_search_model(TrainConfig(model=str(trained)), 0).encoder.preamble == ()


def test_only_the_base_model_searches_with_examples_and_records_never_have_them() -> None:
    config = TrainConfig(model="builtin-base", few_shot=2)
    assert load_search_model(config, 0).encoder.preamble
    assert not load_round_model(config, 0).encoder.preamble  # gives the tokens of the records


def test_more_examples_than_there_are_is_an_error() -> None:
    with pytest.raises(ValueError, match="2 worked examples, 3 were asked for"):
        worked_states(3)


def _without_tags() -> PolicyValueModel:
    """A model whose vocabulary lacks the tags, as that of any general language model."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    model = tiny_model()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={each: place for place, each in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return PolicyValueModel(model.lm, PreTrainedTokenizerFast(tokenizer_object=tokenizer))
