import inspect
import math
from functools import partial

import pytest

from agents.adapters.trl import MathRollout, outcome_reward, training_rows
from amz_env import Problem, answer_action, load_problems

PROBLEMS = [Problem(id=str(n), question=f"What is {n} + 1?", answer=str(n + 1), source="here") for n in range(3)]


def final(text, role="assistant"):
    return [{"role": "assistant", "content": ""}, {"role": role, "content": text}]


def rollout(index=1, step_format="plain", **options):
    environment = MathRollout(PROBLEMS, step_format, **options)
    environment.reset(index=index, prompt=[], anything="else")
    return environment


@pytest.mark.parametrize("step_format", ["plain", "alphamath"])
def test_code_runs_with_its_variables_and_the_last_message_is_graded(step_format):
    environments = [rollout(index, step_format) for index in (0, 1, 2)]
    for environment, start in zip(environments, (0, 1, 2), strict=True):
        assert environment.python(f"x = {start}") == ""
        assert environment.python("print(x + 1)") == str(start + 1)
    texts = ["It is \\boxed{1}.", "It is \\boxed{1}.", "I give up."]
    if step_format == "alphamath":
        texts = [answer_action("So.", "1"), answer_action("So.", "1"), "<step>\n<p>\nI give up.\n</p>\n</step>"]
    assert outcome_reward([final(text) for text in texts], environments) == [1.0, -1.0, -1.0]


def test_a_rollout_that_ended_otherwise_has_failed():
    cut_off = rollout()
    cut_off.python("print(2)")
    too_long = rollout(max_steps=2)
    assert [too_long.python("print(2)") for _ in range(3)] == ["2", "2", "The episode is over."]
    failing = rollout(max_errors=0)
    assert "ZeroDivisionError" in failing.python("1/0")
    messages = [final("2", role="tool"), final("\\boxed{2}"), final("\\boxed{2}")]
    assert outcome_reward(messages, [cut_off, too_long, failing]) == [-1.0, -1.0, -1.0]
    failing.reset(index=1)
    assert outcome_reward([final("\\boxed{2}")], [failing]) == [1.0]  # it is used again


def test_python_is_the_only_tool_and_rows_hold_no_answers():
    tools = [name for name, _ in inspect.getmembers(MathRollout, inspect.isfunction) if not name.startswith("_")]
    assert tools == ["python", "reset"]
    rows = training_rows(PROBLEMS, instruction=" Go.")
    assert rows[2] == {"prompt": [{"role": "user", "content": "What is 2 + 1? Go."}], "index": 2}


def test_a_grpo_run_of_the_small_model(tmp_path, monkeypatch):
    pytest.importorskip("trl", reason="trl is not installed (extra [trl])")
    monkeypatch.setenv("TRL_EXPERIMENTAL_SILENCE", "1")
    import torch
    from datasets import Dataset
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from trl import GRPOConfig, GRPOTrainer

    from agents.adapters.step_chat import speak_steps
    from agents.model import resolve_model

    torch.manual_seed(0)
    path = resolve_model("builtin-base")
    model, tokenizer = AutoModelForCausalLM.from_pretrained(path), AutoTokenizer.from_pretrained(path)
    speak_steps(model, tokenizer)
    problems = load_problems("mini-gsm", split="train", size=16, level=1)
    trainer = GRPOTrainer(
        model=model,
        processing_class=tokenizer,
        train_dataset=Dataset.from_list(training_rows(problems, instruction="")),
        environment_factory=partial(MathRollout, problems, step_format="alphamath"),
        reward_funcs=outcome_reward,
        args=GRPOConfig(
            output_dir=str(tmp_path),
            max_steps=2,
            per_device_train_batch_size=16,
            num_generations=8,
            max_completion_length=300,
            max_tool_calling_iterations=6,
            learning_rate=1e-4,
            logging_steps=1,
            use_cpu=True,
            bf16=False,
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
        ),
    )
    before = model.lm_head.weight.clone()
    trainer.train()
    first, second = trainer.state.log_history[:2]
    for log in (first, second):
        assert log["tools/call_frequency"] > 0.5 and log["tools/failure_frequency"] == 0.0
        assert -1.0 <= log["reward"] <= 1.0 and math.isfinite(log["loss"])
    assert {first["reward"], second["reward"]} != {-1.0}  # some were right
    assert not torch.equal(before, model.lm_head.weight)
