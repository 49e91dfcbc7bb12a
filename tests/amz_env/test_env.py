import json
import math
import pickle
import warnings

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env

from amz_env import MathReasoningEnv, Problem, answer_action, code_action
from amz_env.spaces import UnicodeText

SECRET = "73911"
TRIPLES = [Problem(str(n), f"What is {n} times 3?", str(3 * n), "test", "times", 1) for n in range(10)]
CODE = code_action("Multiply.", "print(2 * 3)")


def make(problems=TRIPLES, **options):
    return MathReasoningEnv(problems, **options)


def at(index, **options):
    env = make(**options)
    env.reset(seed=0, options={"index": index})
    return env


@pytest.mark.parametrize(
    "options", [{}, {"problems": "mini-math", "step_format": "plain"}, {"max_errors": 0, "level": 2}]
)
def test_check_env_passes_without_warnings(options, capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(gym.make("MathReasoning-v0", **options).unwrapped)


def test_spec_survives_json_and_makes_the_same_environment():
    env = gym.make("MathReasoning-v0", problems="mini-gsm", split="validation", level=[1, 2], max_steps=4)
    spec = EnvSpec.from_json(env.spec.to_json())
    other = gym.make(spec)
    assert other.reset(seed=3) == env.reset(seed=3)
    assert other.unwrapped.rules == env.unwrapped.rules


def test_registry_shows_the_environment():
    assert "MathReasoning-v0" in gym.pprint_registry(disable_print=True)


# --- reward and end


def test_a_right_answer_is_rewarded_at_the_end_only():
    env = at(7)
    _, reward, terminated, truncated, _ = env.step(CODE)
    assert (reward, terminated, truncated) == (0.0, False, False)
    _, reward, terminated, truncated, info = env.step(answer_action("So.", "$21$"))
    assert (reward, terminated, truncated) == (1.0, True, False)
    assert (info["correct"], info["grade_status"], info["answer"], info["reference"]) == (True, "correct", "21", "21")


@pytest.mark.parametrize(
    ("action", "options", "end", "status"),
    [
        (answer_action("So.", "22"), {}, "answer", "wrong"),
        ("no step at all", {}, "malformed", "no answer"),
        (code_action("Oh.", "1 / 0"), {"max_errors": 0}, "code_errors", "no answer"),
        (CODE, {"max_steps": 1}, "max_steps", "no answer"),
        (CODE, {"max_length": 10}, "max_length", "no answer"),
    ],
)
def test_every_other_end_costs_one(action, options, end, status):
    _, reward, terminated, truncated, info = at(7, **options).step(action)
    assert reward == -1.0 and isinstance(reward, float)
    assert (terminated, truncated) == (not end.startswith("max"), end.startswith("max"))
    assert (info["end"], info["grade_status"], info["correct"], info["reference"]) == (end, status, False, "21")


def test_any_of_several_references_is_right():
    env = make([Problem("1", "Half?", ("1/2", "50 cents"), "test")])
    env.reset()
    _, reward, _, _, info = env.step(answer_action("So.", "0.5"))
    assert (reward, info["reference"]) == (1.0, ("1/2", "50 cents"))


def test_two_problems_of_the_same_text_keep_their_own_answers():
    env = make([Problem("a", "Which?", "1", "test"), Problem("b", "Which?", "2", "test")])
    for index, reward in ((0, -1.0), (1, 1.0), (0, -1.0)):
        env.reset(options={"index": index})
        assert env.step(answer_action("So.", "2"))[1] == reward


def test_the_answer_is_never_run(tmp_path):
    trace = tmp_path / "trace"
    at(7).step(answer_action("So.", f"__import__('pathlib').Path({str(trace)!r}).touch()"))
    assert not trace.exists()


# --- what is told


def test_the_reference_is_told_by_nothing_before_the_end():
    env = make([Problem("1", "What is the secret?", SECRET, "test", solution=(answer_action("It is", SECRET),))])
    observation, info = env.reset(seed=0)
    told = [observation, info]
    for action in (CODE, code_action("Look.", "print(dir(), globals().keys())"), code_action("Oh.", "1/0")):
        told += env.step(action)
    state = env.get_state()
    told += [repr(state), state.text, pickle.dumps(state)]
    assert not any(SECRET in str(one) for one in told)
    assert env.step(answer_action("Guess.", "1"))[-1]["reference"] == SECRET


def test_info_is_plain_json_and_new_at_each_call():
    env = at(7)
    infos = [env.reset(options={"index": 7})[1], env.step(CODE)[-1], env.step(answer_action("So.", "21"))[-1]]
    assert [json.loads(json.dumps(info)) for info in infos] == infos
    assert infos[0] == {
        "problem_id": "7", "index": 7, "source": "test", "subject": "times", "level": 1, "steps": 0, "errors": 0,
    }  # fmt: skip
    assert (infos[1]["step_kind"], infos[1]["failed"], infos[1]["end"], infos[1]["steps"]) == ("code", False, None, 1)
    infos[0]["problem_id"] = "changed"
    assert env.reset(options={"index": 7})[1]["problem_id"] == "7"


def test_info_says_what_is_wrong_with_a_step():
    info = at(7).step("hm")[-1]
    assert (info["step_kind"], info["fault"]) == ("malformed", "neither code nor a final answer")
    info = at(7).step(code_action("Oh.", "1 / 0"))[-1]
    assert (info["step_kind"], info["failed"], info["errors"], info["fault"]) == ("code", True, 1, None)


# --- errors


def test_step_before_reset_after_the_end_and_of_a_non_text_are_clear_errors():
    env = make()
    with pytest.raises(gym.error.ResetNeeded, match="before the first step"):
        env.step(CODE)
    env.reset()
    for wrong in (3, None, b"<step>", ["a"]):
        with pytest.raises(TypeError, match=f"a str; got {type(wrong).__name__}"):
            env.step(wrong)
    env.step(answer_action("So.", "1"))
    with pytest.raises(gym.error.ResetNeeded, match=r"the episode is over \(answer\)"):
        env.step(CODE)
    env.reset()
    assert env.step(CODE)[1] == 0.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"problems": "mini-gms"}, r"unknown problem set 'mini-gms'; did you mean 'mini-gsm'\?"),
        ({"problems": "xyz"}, "mini-gsm, mini-guess, mini-math"),
        ({"problems": "mini-gsm", "split": "tset"}, "train, validation, test"),
        ({"problems": "mini-gsm", "level": 9}, r"levels \[1, 2, 3, 4, 5\], got \[9\]"),
        ({"problems": "mini-gsm", "size": 0}, "size must be an integer of at least 1"),
        ({"step_format": "xml"}, "step_format"),
        ({"max_steps": 0}, "max_steps"),
        ({"isolation": "none"}, "isolation"),
        ({"code_timeout": 0}, "code_timeout"),
        ({"code_timeout": math.inf}, "at most a day, got inf"),
        ({"code_timeout": 1e7}, "at most a day"),
        ({"level": 3.0}, "level must be an integer"),
        ({"problems": []}, "empty source"),
        ({"problems": TRIPLES, "split": "test"}, "a source is used as it is"),
    ],
)
def test_a_wrong_argument_is_a_clear_error(options, message):
    with pytest.raises(ValueError, match=message):
        MathReasoningEnv(**options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"problems": [{"question": "1+1?", "answer": "2"}]}, r"got a list of others; .*load_problems\(rows\)"),
        ({"problems": {"train": TRIPLES}}, "got a dict of others"),
        ({"problems": iter(TRIPLES)}, "a source with indices, got list_iterator"),
        ({"code_timeout": "5"}, "a number of seconds, got '5'"),
    ],
)
def test_an_argument_of_another_kind_is_a_clear_error(options, message):
    with pytest.raises(TypeError, match=message):
        MathReasoningEnv(**options)


def test_a_render_mode_that_there_is_not_is_a_clear_error():
    with pytest.raises(TypeError, match="must be one of ansi, human or None, got 'rgb_array'"):
        make(render_mode="rgb_array")


def test_a_source_that_holds_no_problems_is_refused_by_the_vector_environment_too():
    with pytest.raises(TypeError, match="Problem objects"):
        gym.make_vec("MathReasoning-v0", num_envs=2, problems={"train": TRIPLES})


def test_a_missing_file_is_named():
    with pytest.raises(FileNotFoundError, match=r"nowhere\.jsonl"):
        make("nowhere.jsonl")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"index": 10}, ValueError, "from 0 to 9, got 10"),
        ({"index": -1}, ValueError, "from 0 to 9, got -1"),
        ({"index": "7"}, TypeError, "must be an integer"),
        ({"idx": 7}, ValueError, r"unknown reset options \['idx'\]; known: index"),
    ],
)
def test_a_wrong_reset_option_is_a_clear_error(options, error, message):
    with pytest.raises(error, match=message):
        make().reset(options=options)


# --- seeds


def rollout(seed, episodes=4):
    env = make("mini-gsm", split="test")
    env.action_space.seed(seed)
    record = [env.reset(seed=seed)]
    for _ in range(episodes):
        over = False
        while not over:
            record.append(env.step(env.action_space.sample()))
            over = record[-1][2] or record[-1][3]
        record.append(env.reset())
    return record


def test_rollouts_repeat_with_the_seed_and_differ_without():
    assert rollout(1) == rollout(1)
    assert rollout(1) != rollout(2)


def test_reset_draws_every_problem_and_an_index_leaves_the_draws_alone():
    env = make()
    drawn = {env.reset(seed=0 if n == 0 else None)[1]["index"] for n in range(100)}
    assert drawn == set(range(10))
    env.reset(seed=5)
    expected = [env.reset()[1]["index"] for _ in range(5)]
    env.reset(seed=5)
    env.reset(options={"index": np.int64(3)})
    assert [env.reset()[1]["index"] for _ in range(5)] == expected


# --- branching


def test_a_branch_goes_on_with_the_interpreters_state():
    env = at(7)
    env.step(code_action("Set.", "x = 7"))
    branch = env.get_state()
    env.step(code_action("Left.", "x = 0\nprint(x)"))
    for _ in range(2):
        env.set_state(branch)
        observation = env.step(code_action("Right.", "x *= 3\nprint(x)"))[0]
        assert "<output>\n21\n</output>" in observation
    env.set_state(branch)
    assert env.step(answer_action("So.", "21"))[1] == 1.0


def test_a_state_of_an_earlier_episode_brings_its_problem_back_also_when_pickled():
    env = at(7)
    env.step(code_action("Set.", "x = 21"))
    saved = pickle.dumps(env.get_state())
    env.reset(options={"index": 2})
    env.set_state(pickle.loads(saved))
    assert "<output>\n21\n</output>" in env.step(code_action("Show.", "print(x)"))[0]
    _, reward, _, _, info = env.step(answer_action("So.", "21"))
    assert (reward, info["problem_id"]) == (1.0, "7")


def test_an_ended_state_stays_ended_and_one_before_it_goes_on():
    env = at(7)
    before = env.get_state()
    env.step(answer_action("So.", "21"))
    ended = env.get_state()
    env.set_state(before)
    assert env.step(answer_action("So.", "22"))[1] == -1.0
    env.set_state(ended)
    with pytest.raises(gym.error.ResetNeeded):
        env.step(CODE)


def test_set_state_refuses_what_it_cannot_continue():
    env, other, strict = at(7), at(2), at(7, max_steps=3)
    with pytest.raises(ValueError, match="has not asked the question"):
        env.set_state(other.get_state())
    with pytest.raises(ValueError, match="other rules"):
        env.set_state(strict.get_state())
    with pytest.raises(TypeError, match="takes a State"):
        env.set_state("text")
    for call in (make().get_state, lambda: make().set_state(env.get_state())):
        with pytest.raises(gym.error.ResetNeeded):
            call()


# --- rendering


def test_ansi_shows_question_words_code_output_and_verdict_without_tags():
    env = at(7, render_mode="ansi")
    env.step(code_action("Multiply both.", "x = 7 * 3\nprint(x)"))
    env.step(code_action("A mistake.", "y"))
    assert "Result" not in env.render()
    env.step(answer_action("So it is.", "21"))
    assert env.render() == (
        "Question\n  What is 7 times 3?\n\n"
        "Step 1\n  Multiply both.\n  | x = 7 * 3\n  | print(x)\n  > 21\n\n"
        "Step 2 (code failed)\n  A mistake.\n  | y\n  > NameError: name 'y' is not defined\n\n"
        "Step 3\n  So it is.\n  Answer: 21\n\n"
        "Result: correct (reward +1; reference 21)"
    )


def test_human_prints_along_and_render_returns_nothing(capsys):
    env = at(7, render_mode="human")
    assert capsys.readouterr().out == "Question\n  What is 7 times 3?\n"
    env.step("Well.")
    out = capsys.readouterr().out
    assert "Step 1\n  Well.\n  Not a step: neither code nor a final answer\n" in out
    assert "Result: no answer: a step could not be read (reward -1; reference 21)" in out
    assert env.render() is None and capsys.readouterr().out == ""


def test_render_without_a_mode_warns():
    with pytest.warns(UserWarning, match='render_mode="ansi"'):
        assert at(7).render() is None


# --- texts


def test_a_text_from_every_unicode_plane_goes_through():
    planes = "".join(chr(plane * 0x10000 + offset) for plane in range(17) for offset in (0x41, 0x3B1, 0xFFFD))
    env = make([Problem("1", f"Say {planes}", "1", "test")], render_mode="ansi")
    observation, _ = env.reset()
    assert planes in observation and observation in env.observation_space
    observation = env.step(code_action(planes, f"print({planes!r})"))[0]
    assert observation.count(planes) >= 2 and observation in env.observation_space
    env.step(answer_action(planes, planes))
    assert planes in env.render()


@pytest.mark.parametrize(
    ("step_format", "seen"), [("alphamath", {"answer", "malformed"}), ("plain", {"answer", "max_steps"})]
)
def test_random_episodes_keep_the_contract(step_format, seen):
    env = make(step_format=step_format, max_steps=4)
    env.action_space.seed(0)
    env.reset(seed=0)
    ends = set()
    for _ in range(300):
        observation, reward, terminated, truncated, info = env.step(env.action_space.sample())
        assert observation in env.observation_space
        assert not (terminated and truncated)
        assert (reward == 0.0) == (not terminated and not truncated) == (info["end"] is None)
        assert ("reference" in info) == (info["end"] is not None)
        if terminated or truncated:
            ends.add(info["end"])
            env.reset()
    assert seen <= ends


def test_unicode_text_is_a_space_of_texts():
    space = UnicodeText(seed=0)
    samples = [space.sample() for _ in range(50)]
    assert all(sample in space for sample in samples) and not all(sample.isascii() for sample in samples)
    assert samples == [sample for space in [UnicodeText(seed=0)] for sample in (space.sample() for _ in range(50))]
    assert "" in space and np.str_("a") in space
    assert all(wrong not in space for wrong in ("\ud800", 3, None, b"a"))
    assert space == UnicodeText() and space != gym.spaces.Text(5)
    with pytest.raises(ValueError, match="no masks"):
        space.sample(mask=np.ones(3, dtype=np.int8))


def test_own_interpreter_settings_are_kept_to():
    env = at(7, code_timeout=0.3)
    info = env.step(code_action("Wait.", "while True: pass"))[-1]
    assert info["failed"] and "0.3 s" in env.get_state().steps[-1].observation
