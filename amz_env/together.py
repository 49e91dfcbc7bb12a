"""Many episodes one step on, together.

Their code runs at once, the same code on the same state once for all of them; their answers are graded side by side.
What comes out is what `amz_env.dynamics.transition` and `amz_env.episode.advance` give one by one.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from amz_env.background import run_in_background
from amz_env.dynamics import RunsCode, State, transition_async
from amz_env.episode import Episode
from amz_env.grading import grade_async
from amz_env.interpreter import Execution, Interpreter, Snapshot
from amz_env.interpreter.cache import changes


def advance_together(episodes: Sequence[Episode], actions: Sequence[str], interpreter: Interpreter) -> list[Episode]:
    """Return each episode after its action, in order.

    Args:
        episodes: episodes that go on.
        actions: the text of one step for each.
        interpreter: runs their code.

    Raises:
        SandboxUnavailable: code cannot be confined on this host.
    """
    return run_in_background(_advance(episodes, actions, _Sharing(interpreter, episodes)))


class _Sharing:
    """The interpreter during one step of many episodes.

    It runs the same code on the same state once for all who ask for it. A state that one episode alone is in is never
    asked for again, for episodes are not branched here: its process may go on instead of being copied.
    """

    def __init__(self, interpreter: Interpreter, episodes: Sequence[Episode]) -> None:
        self._interpreter = interpreter
        self._continued = Counter(episode.state.snapshot for episode in episodes)
        self._running: dict[tuple[bytes, str], asyncio.Task[Execution]] = {}

    def root(self) -> Snapshot:
        return self._interpreter.root()

    def run(self, snapshot: Snapshot, code: str) -> Execution:
        return self._interpreter.run(snapshot, code)

    async def run_async(self, snapshot: Snapshot, code: str) -> Execution:
        last = self._continued[snapshot] == 1
        if snapshot.changes or changes(code):
            return await self._interpreter.run_async(snapshot, code, last=last)
        key = snapshot.digest, code
        if key not in self._running:
            self._running[key] = asyncio.ensure_future(self._interpreter.run_async(snapshot, code, last=last))
        return await self._running[key]


async def _advance(episodes: Sequence[Episode], actions: Sequence[str], interpreter: RunsCode) -> list[Episode]:
    async def one(episode: Episode, action: str) -> Episode:
        state: State = await transition_async(episode.state, action, interpreter)
        grade = None if state.answer is None else await grade_async(state.answer, episode.problem.answer)
        return replace(episode, state=state, grade=grade)

    return await asyncio.gather(*map(one, episodes, actions))
