import socket
import threading
import time

import pytest

from amz_env import Problem, answer_action, code_action

pytest.importorskip("openenv", reason="openenv is not installed (extra [openenv])")

PROBLEMS = [Problem(id=str(n), question=f"What is {n} + 1?", answer=str(n + 1), source="here") for n in range(5)]


@pytest.fixture(scope="module")
def address():
    """Serve the environment on a free port of this machine."""
    import uvicorn

    from agents.adapters.openenv import app

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app(PROBLEMS, max_steps=4), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    assert server.started
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def client(address):
    from openenv.core.generic_client import GenericEnvClient

    return GenericEnvClient(base_url=address).sync()


def test_episodes_of_two_clients_side_by_side(address):
    with client(address) as one, client(address) as other:
        first, second = one.reset(index=3), other.reset(index=0)
        assert "What is 3 + 1?" in first.observation["text"] and "What is 0 + 1?" in second.observation["text"]
        assert not first.done and "reference" not in str(first)
        one.step({"text": code_action("Add.", "x = 3 + 1")})
        other.step({"text": code_action("Add.", "x = 0 + 1")})
        shown = one.step({"text": code_action("Show.", "print(x)")})
        assert "<output>\n4\n</output>" in shown.observation["text"] and (shown.reward, shown.done) == (0.0, False)
        assert one.state()["step_count"] == 2 and "4" not in str(other.state())
        right, wrong = (each.step({"text": answer_action("So.", "4")}) for each in (one, other))
        assert (right.reward, right.done, wrong.reward, wrong.done) == (1.0, True, -1.0, True)


def test_a_seed_draws_the_problem_and_an_episode_is_cut(address):
    with client(address) as env:
        texts = [env.reset(seed=seed).observation["text"] for seed in (1, 2, 3, 4, 1)]
        assert texts[0] == texts[4] and len(set(texts)) > 1
        results = [env.step({"text": code_action("Wait.", "pass")}) for _ in range(4)]
        assert [result.done for result in results] == [False, False, False, True] and results[-1].reward == -1.0
