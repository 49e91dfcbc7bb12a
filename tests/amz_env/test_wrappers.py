import warnings

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from amz_env import Grade, MathReasoningEnv, Problem, answer_action, code_action
from amz_env.grading import Judged
from amz_env.wrappers import CANDIDATE_FEATURES, KINDS, STATE_FEATURES, Candidate, ChooseStep, Proposals

TRIPLES = [Problem(str(n), f"What is {n} times 3?", str(3 * n), "test", "times", 1) for n in range(5)]
CODE = Candidate(
    code_action("Multiply.", "print(2 * 3)"), value=0.25, mean_logprob=np.log(0.5), length=256, agreement=0.4
)
RIGHT = Candidate(answer_action("So.", "9"), value=0.75, token_ids=(5, 6, 7))
WRONG = Candidate(answer_action("So.", "0"), value=-0.5)
EXTRA = 3  # of `random_steps`


def fixed(*candidates, features=()):
    return lambda state, k, seed: Proposals(candidates, features)


def at_three(*candidates, k=3, **options):
    env = ChooseStep(MathReasoningEnv(TRIPLES, **options), fixed(*candidates), k)
    observation, info = env.reset(seed=0, options={"index": 3})
    return env, observation, info


def rows(observation, k, extra=0):
    split = k * (CANDIDATE_FEATURES + extra)
    return observation[:split].reshape(k, -1), observation[split:]


def slot_of(env, candidate):
    return env._choice.slots.index(candidate)


def random_steps(state, k, seed):
    rng = np.random.default_rng(seed)
    steps = [code_action("Look.", f"print({rng.integers(9)})"), answer_action("So.", str(rng.integers(20))), "nothing"]
    count = int(rng.integers(0, k + 1))
    candidates = [
        Candidate(
            steps[rng.choice(3, p=[0.7, 0.2, 0.1])],
            float(rng.uniform(-2, 2)),
            -5 * rng.random(),
            token_ids=(1, 2),
            features=rng.uniform(-2, 2, EXTRA),
        )
        for _ in range(count)
    ]
    return Proposals(candidates, rng.uniform(-2, 2, EXTRA).tolist())


@pytest.mark.parametrize("which", ["gymnasium", "stable-baselines3"])
def test_check_env_passes_without_warnings(which):
    check = check_env
    if which == "stable-baselines3":
        check = pytest.importorskip("stable_baselines3.common.env_checker").check_env
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check(ChooseStep(gym.make("MathReasoning-v0", problems=TRIPLES), random_steps, k=4, extra=EXTRA))


def test_an_action_takes_the_candidate_of_its_slot():
    for candidate, reward in ((RIGHT, 1.0), (WRONG, -1.0), (CODE, 0.0)):
        env, _, _ = at_three(CODE, RIGHT, WRONG)
        _, got, terminated, truncated, info = env.step(slot_of(env, candidate))
        assert (got, terminated, truncated) == (reward, reward != 0, False)
        assert info["step_kind"] == ("code" if candidate is CODE else "answer")


def test_features_say_what_the_candidates_are():
    env, observation, info = at_three(CODE, RIGHT)
    table, state = rows(observation, 3)
    names = ("present", "value", "probability", "length", "agreement", "failed", *KINDS)
    code = dict(zip(names, table[slot_of(env, CODE)], strict=True))
    assert code == pytest.approx(
        {
            "present": 1,
            "value": 0.25,
            "probability": 0.5,
            "length": np.tanh(1),
            "agreement": 0.4,
            "failed": 0,
            "code": 1,
            "answer": 0,
            "text": 0,
            "malformed": 0,
        }
    )
    assert table[slot_of(env, RIGHT)][6:].tolist() == [0, 1, 0, 0]
    assert not table[slot_of(env, None)].any()
    assert info["candidates"] == 2
    text = "<question> What is 3 times 3? </question>\n"
    assert state == pytest.approx([0, 0, len(text) / 16_000, 0.75])
    assert observation.dtype == np.float32 and observation.shape == (3 * CANDIDATE_FEATURES + STATE_FEATURES,)


def test_a_candidate_whose_code_fails_is_marked():
    broken = Candidate(code_action("Oh.", "1 / 0"), failed=True)
    env, observation, _ = at_three(CODE, broken)
    table, _ = rows(observation, 3)
    assert table[:, 5].tolist() == [float(slot is broken) for slot in env._choice.slots]


def test_masks_name_the_slots_that_hold_a_candidate_and_other_slots_do_no_harm():
    env, _, _ = at_three(CODE, CODE, k=5)
    assert env.action_masks().tolist() == [slot is not None for slot in env._choice.slots]
    assert env.action_masks().sum() == 2
    empty = int(np.flatnonzero(~env.action_masks())[0])
    _, reward, terminated, truncated, info = env.step(empty)
    assert (reward, terminated, truncated, info["step_kind"]) == (0.0, False, False, "code")


def test_slots_are_shuffled_by_the_seed():
    def orders(seed):
        env = ChooseStep(MathReasoningEnv(TRIPLES), fixed(CODE, RIGHT, WRONG), 3)
        env.reset(seed=seed)
        found = []
        for _ in range(30):
            found.append(tuple(slot.value for slot in env._choice.slots))
            env.reset()
        return found

    assert orders(1) == orders(1) != orders(2)
    assert len(set(orders(1))) == 6


def test_proposals_get_the_state_and_a_seed_that_repeats_with_the_environments():
    calls = []

    def propose(state, k, seed):
        calls.append((state.text, k, seed))
        return Proposals([CODE])

    for _ in range(2):
        env = ChooseStep(MathReasoningEnv(TRIPLES), propose, 2)
        env.reset(seed=9)
        env.step(0)
    assert calls[:2] == calls[2:]
    assert calls[0][2] != calls[1][2] and calls[1][0].startswith(calls[0][0] + "<step>")


def test_nothing_proposed_ends_the_episode_as_a_malformed_step():
    env, _, _ = at_three(k=2)
    assert env.action_masks().sum() == 1
    _, reward, terminated, _, info = env.step(0)
    assert (reward, terminated, info["end"]) == (-1.0, True, "malformed")


def test_the_policys_tokens_are_kept_in_the_state_and_the_verdict_stays():
    env, _, _ = at_three(RIGHT)
    _, reward, _, _, info = env.step(0)
    state = env._base.get_state()
    assert state.steps[-1].token_ids == (5, 6, 7)
    assert (reward, info["correct"], state.answer) == (1.0, True, "9")


def test_the_verdict_is_asked_for_once():
    asked = []

    def judge(prediction):
        asked.append(prediction)
        return Grade(True, "correct", "always")

    env = ChooseStep(MathReasoningEnv([Problem("1", "Which?", Judged("9", judge), "test")]), fixed(RIGHT), 1)
    env.reset(seed=0)
    assert env.step(0)[1] == 1.0 and asked == ["9"]
    assert env._base.get_state().steps[-1].token_ids == (5, 6, 7)


def test_tokens_of_a_step_that_the_rules_have_completed_are_dropped():
    unclosed = Candidate(RIGHT.action.removesuffix("</step>"), token_ids=(5, 6, 7))
    env, _, _ = at_three(unclosed)
    env.step(0)
    last = env._base.get_state().steps[-1]
    assert last.action == RIGHT.action and last.token_ids == ()


def test_played_in_halves_it_is_the_same_episode():
    whole, halves = (ChooseStep(MathReasoningEnv(TRIPLES), random_steps, k=4, extra=EXTRA) for _ in range(2))
    for episode in range(4):
        seed = 4 if episode == 0 else None
        expected, ended = whole.reset(seed=seed)[0], False
        halves.begin(seed=seed)
        while not ended:
            state, number = halves.question()
            assert halves.offer(random_steps(state, 4, number)).tolist() == expected.tolist()
            expected, reward, terminated, truncated, info = whole.step(episode)
            del info["candidates"]
            assert halves.take(episode) == (reward, terminated, truncated, info)
            ended = terminated or truncated
        assert halves.last_observation().tolist() == expected.tolist()


def test_more_candidates_than_slots_are_cut_and_wild_numbers_are_clipped():
    wild = Candidate("nothing", value=float("nan"), mean_logprob=5.0, length=10**9)
    env, observation, _ = at_three(wild, wild, wild, wild, k=2)
    assert env.action_masks().all() and observation in env.observation_space
    assert np.isfinite(observation).all()


def test_extra_features_are_appended_and_their_number_is_checked():
    candidate = Candidate("x", features=np.array([0.5, -3.0]))

    def seen(*state_features, kind=tuple):
        env = ChooseStep(MathReasoningEnv(TRIPLES), fixed(candidate, features=kind(state_features)), 1, extra=2)
        observation, _ = env.reset(seed=0)
        return rows(observation, 1, extra=2)

    table, state = seen(0.25, 7.0)
    assert table[0, -2:].tolist() == [0.5, -1.0]
    assert state.shape == (STATE_FEATURES + 2,) and state[-2:].tolist() == [0.25, 1.0]
    assert seen()[1][-2:].tolist() == [0, 0]
    assert seen(0.25, 7.0, kind=np.array)[1].tolist() == state.tolist()
    with pytest.raises(ValueError, match="the state has 1 features, ChooseStep was told extra=2"):
        seen(0.5)
    with pytest.raises(ValueError, match="a candidate has 0 features, ChooseStep was told extra=2"):
        ChooseStep(MathReasoningEnv(TRIPLES), fixed(CODE), 1, extra=2).reset(seed=0)


def test_wrong_use_is_a_clear_error():
    with pytest.raises(TypeError, match="plays a MathReasoningEnv"):
        ChooseStep(gym.make("CartPole-v1"), fixed(CODE))
    with pytest.raises(ValueError, match="k must be at least 1"):
        ChooseStep(MathReasoningEnv(TRIPLES), fixed(CODE), 0)
    env = ChooseStep(MathReasoningEnv(TRIPLES), fixed(RIGHT), 2)
    with pytest.raises(gym.error.ResetNeeded):
        env.step(0)
    env.reset(seed=0)
    with pytest.raises(ValueError, match="from 0 to 1; got 2"):
        env.step(2)
    env.step(0)
    with pytest.raises(gym.error.ResetNeeded):
        env.step(0)


def test_stable_baselines3_makes_it_by_its_id():
    make_vec_env = pytest.importorskip("stable_baselines3.common.env_util").make_vec_env
    with pytest.warns(UserWarning, match="rgb_array"):  # which it asks every environment for
        envs = make_vec_env(
            "MathReasoning-v0",
            n_envs=2,
            seed=0,
            env_kwargs={"problems": TRIPLES},
            wrapper_class=ChooseStep,
            wrapper_kwargs={"propose": fixed(CODE, RIGHT), "k": 3},
        )
    assert envs.reset().shape == (2, 3 * CANDIDATE_FEATURES + STATE_FEATURES)
    masks = envs.env_method("action_masks")
    right = [env._choice.slots.index(RIGHT) for env in envs.envs]
    assert [int(mask.sum()) for mask in masks] == [2, 2]
    *_, dones, infos = envs.step(np.array(right))
    assert dones.all() and all(info["episode"]["l"] == 1 for info in infos)


def test_maskable_ppo_learns_which_of_two_steps_is_the_better_one():
    sb3_contrib = pytest.importorskip("sb3_contrib")
    pytest.importorskip("torch").set_num_threads(1)

    def propose(state, k, seed):
        return Proposals([answered(state, 3), answered(state, 2)])

    env = ChooseStep(MathReasoningEnv(TRIPLES), propose, 2)
    model = sb3_contrib.MaskablePPO(
        "MlpPolicy", env, n_steps=128, batch_size=64, learning_rate=5e-3, seed=0, device="cpu"
    )
    model.learn(1_280)
    rewards = []
    for index in range(5):
        observation, _ = env.reset(options={"index": index})
        action, _ = model.predict(observation, deterministic=True, action_masks=env.action_masks())
        rewards.append(env.step(int(action))[1])
    assert sum(rewards) >= 4  # 0 times 2 and 0 times 3 are both right


def answered(state, factor):
    number = int("".join(filter(str.isdigit, state.question.partition(" times ")[0])))
    return Candidate(answer_action("So.", str(number * factor)), value=0.8 if factor == 3 else -0.3)
