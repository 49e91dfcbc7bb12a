import asyncio

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

from amz_env import Problem, Rules, answer_action, code_action
from amz_env.episode import begin
from amz_env.interpreter import shared_interpreter
from amz_env.together import advance_together
from amz_env.vector import MathReasoningVectorEnv

TRIPLES = [Problem(str(n), f"What is {n} times 3?", str(3 * n), "test", "times", 1) for n in range(10)]
RIGHT = answer_action("So.", "9")


def make(num_envs=3, problems=TRIPLES, **options):
    return MathReasoningVectorEnv(num_envs, problems, **options)


def code(source):
    return code_action("Compute.", source)


def same(one, other):
    """Compare two results of step or reset, arrays and nested infos included."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.tolist() == other.tolist()
    return one == other


def actions_for(rng, num_envs):
    kinds = [code("print(1 + 1)"), code("1 / 0"), RIGHT, "malformed", code("x = 3\nprint(x)"), code("print(x)")]
    return tuple(kinds[i] for i in rng.choice(len(kinds), size=num_envs, p=[0.3, 0.2, 0.1, 0.1, 0.15, 0.15]))


def play(envs, mode, steps=25):
    """Yield what each reset and step returns; with `Disabled`, what is over is reset by a mask."""
    yield envs.reset(seed=3)
    rng = np.random.default_rng(0)
    for _ in range(steps):
        result = envs.step(actions_for(rng, envs.num_envs))
        yield result
        over = result[2] | result[3]
        if mode == "Disabled" and over.any():
            yield envs.reset(options={"reset_mask": over})
    yield envs.reset(seed=[7, None, 7, 1])


@pytest.mark.parametrize("mode", [mode.value for mode in AutoresetMode])
def test_steps_are_those_of_gymnasiums_own_vectorisation(mode):
    options = {"problems": TRIPLES, "max_steps": 3, "max_errors": 1}
    ours = gym.make_vec("MathReasoning-v0", num_envs=4, autoreset_mode=mode, **options)
    theirs = gym.make_vec(
        "MathReasoning-v0", 4, vectorization_mode="sync", vector_kwargs={"autoreset_mode": mode}, **options
    )
    assert isinstance(ours, MathReasoningVectorEnv)
    assert ours.observation_space == theirs.observation_space and ours.action_space == theirs.action_space
    ended = 0
    for result, expected in zip(play(ours, mode), play(theirs, mode), strict=True):
        assert same(result, expected)
        ended += int((result[2] | result[3]).sum()) if len(result) == 5 else 0
    assert ended > 10


def test_each_sub_environment_has_its_seed_and_generator():
    ours, theirs = make(), gym.make_vec("MathReasoning-v0", 3, "sync", problems=TRIPLES)
    for seed in (5, [7, None, 1]):
        for envs in (ours, theirs):
            envs.reset(seed=seed)
        assert ours.np_random_seed == theirs.np_random_seed
        assert [one.bit_generator.state for one in ours.np_random] == [
            one.bit_generator.state for one in theirs.np_random
        ]
    assert ours.np_random_seed == (7, 6, 1)
    assert len(set(make().np_random_seed)) == 3


class Counting:
    """The shared interpreter; counts what it is asked to run."""

    def __init__(self):
        self.asked = []

    def root(self):
        return shared_interpreter().root()

    def run_many(self, jobs):
        self.asked += [(job.code, job.last) for job in jobs]
        return shared_interpreter().run_many(jobs)


def test_the_same_code_on_the_same_path_is_run_once_for_all():
    episodes = [begin(TRIPLES, index, Rules()) for index in (1, 2, 3, 1)]
    counting = Counting()
    first = advance_together(episodes, [code("import math\nx = 7")] * 3 + [code("import math\nx = 8")], counting)
    assert counting.asked == [("import math\nx = 7", False), ("import math\nx = 8", False)]
    counting.asked.clear()
    second = advance_together(first, [code("print(x)")] * 4, counting)
    assert [episode.state.steps[-1].observation for episode in second] == ["7", "7", "7", "8"]
    assert counting.asked == [("print(x)", False), ("print(x)", True)]  # two paths, one of which one episode is on
    assert [episode.index for episode in second] == [1, 2, 3, 1]


def test_code_that_may_change_from_run_to_run_is_not_shared():
    episodes = [begin(TRIPLES, index, Rules()) for index in (1, 2)]
    counting = Counting()
    after = advance_together(episodes, [code("import random\nx = 7")] * 2, counting)
    advance_together(after, [code("print(x)")] * 2, counting)
    assert len(counting.asked) == 4


def test_it_works_where_an_event_loop_is_running():
    async def inside():
        envs = make(2)
        envs.reset(seed=0)
        return envs.step([code("print(6)")] * 2)[0]

    assert all("<output>\n6\n" in observation for observation in asyncio.run(inside()))


def test_disabled_autoreset_resets_by_mask_and_refuses_to_step_what_is_over():
    envs = make(autoreset_mode="Disabled")
    envs.reset(seed=0, options={"index": [3, 3, 4]})
    observations, rewards, terminations, _, infos = envs.step([RIGHT, code("x = 5"), RIGHT])
    assert rewards.tolist() == [1.0, 0.0, -1.0] and terminations.tolist() == [True, False, True]
    assert infos["grade_status"].tolist() == ["correct", None, "wrong"]
    with pytest.raises(gym.error.ResetNeeded, match="sub-environment 0: the episode is over"):
        envs.step([RIGHT] * 3)
    mask = np.array([True, False, True])
    options = {"reset_mask": mask, "index": 5}
    after, infos = envs.reset(options=options)
    assert options == {"reset_mask": mask, "index": 5}
    assert after[1] == observations[1] and "5 times 3" in after[0]
    assert infos["_problem_id"].tolist() == [True, False, True]
    observations = envs.step([code("print(x)")] * 3)[0]
    assert "NameError" in observations[0] and "<output>\n5\n" in observations[1]


def test_autoreset_mode_is_declared_and_checked():
    for mode in AutoresetMode:
        assert make(autoreset_mode=mode.value).metadata["autoreset_mode"] is mode
    with pytest.raises(ValueError, match="whenever"):
        make(autoreset_mode="whenever")


def test_a_wrong_action_is_named_and_no_step_is_taken():
    envs = make()
    with pytest.raises(gym.error.ResetNeeded):
        envs.step([RIGHT] * 3)
    before, _ = envs.reset(seed=0)
    with pytest.raises(TypeError, match=r"sub-environment 2: .* got int"):
        envs.step([code("x = 1"), RIGHT, 3])
    with pytest.raises(ValueError, match="3 actions"):
        envs.step([RIGHT])
    with pytest.raises(ValueError, match="3 actions"):
        envs.step("abc")
    assert tuple(state.text for state in envs.get_states()) == before


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"seed": [1, 2]}, ValueError, "one for each; got 2"),
        ({"options": {"index": [1, 2]}}, ValueError, "one for each; got 2"),
        ({"options": {"index": 99}}, ValueError, "from 0 to 9"),
        ({"options": {"mask": 1}}, ValueError, "unknown reset options"),
        ({"options": {"reset_mask": [True] * 3}}, TypeError, "boolean array"),
        ({"options": {"reset_mask": np.zeros(3, dtype=bool)}}, ValueError, "one of them set"),
        ({"options": {"reset_mask": np.array([True, False, True])}}, ValueError, r"never reset: \[1\]"),
    ],
)
def test_a_wrong_reset_is_a_clear_error(arguments, error, message):
    with pytest.raises(error, match=message):
        make().reset(**arguments)


def test_render_and_bad_arguments():
    envs = make(render_mode="ansi")
    envs.reset(options={"index": [1, 2, 3]})
    assert [text.splitlines()[1] for text in envs.render()] == [f"  What is {n} times 3?" for n in (1, 2, 3)]
    assert make().render() is None
    with pytest.raises(ValueError, match="'ansi' or None"):
        make(render_mode="human")
    with pytest.raises(ValueError, match="num_envs"):
        make(0)
    envs.close()
    envs.close()


@pytest.mark.parametrize("context", ["spawn", "fork"])
def test_gymnasiums_asynchronous_vectorisation_works_after_the_parent_has_run_code(context):
    ours = make(2)
    plays = ((code("x = 9\nprint(x)"),) * 2, (code("import math\nprint(math.factorial(x))"), RIGHT))
    expected = [ours.reset(seed=5)[:1], *(ours.step(actions)[:4] for actions in plays)]  # in both lanes
    envs = gym.make_vec(
        "MathReasoning-v0", 2, "async", {"shared_memory": False, "context": context}, problems=TRIPLES
    )  # fmt: skip
    try:
        assert same(envs.reset(seed=5)[:1], expected[0])
        for actions, result in zip(plays, expected[1:], strict=True):
            envs.step_async(actions)
            assert same(envs.step_wait(timeout=120)[:4], result)
    finally:
        envs.close(terminate=True)


def test_shared_memory_is_refused_loudly():
    with pytest.raises(ValueError, match="shared_memory=False"):
        gym.make_vec("MathReasoning-v0", 2, "async", problems=TRIPLES)


def test_the_generators_are_seeded_by_reset_alone() -> None:
    with pytest.raises(AttributeError, match=r"reset\(seed="):
        make().np_random = np.random.default_rng(0)
