"""Many episodes one step on, together.

Their code runs side by side, the same code on the same state once for all of them; so are their answers graded. What
comes out is what `amz_env.dynamics.transition` and `amz_env.episode.advance` give one by one.
"""

import asyncio
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace

from amz_env.background import run_in_background
from amz_env.dynamics import apply_step, executed, snapshot_of
from amz_env.episode import Episode
from amz_env.grading import Grade, grade_async
from amz_env.interpreter import Execution, Interpreter
from amz_env.interpreter.cache import changes
from amz_env.interpreter.interpreter import Job
from amz_env.steps import Step, parse_step


def advance_together(episodes: Sequence[Episode], actions: Sequence[str], interpreter: Interpreter) -> list[Episode]:
    """Return each episode after its action, in order.

    Args:
        episodes: episodes that go on.
        actions: the text of one step for each.
        interpreter: runs their code.

    Raises:
        SandboxUnavailable: code cannot be confined on this host.
    """
    steps = [parse_step(action, each.state.rules.step_format) for each, action in zip(episodes, actions, strict=True)]
    executions = _run_together(episodes, steps, interpreter)
    moved: list[Episode] = []
    for episode, action, step, execution in zip(episodes, actions, steps, executions, strict=True):
        state = episode.state
        after = (
            apply_step(state, action, step, snapshot=state.snapshot)
            if execution is None
            else executed(state, action, step, execution)
        )
        moved.append(replace(episode, state=after, grade=None))
    answered = [place for place, episode in enumerate(moved) if episode.state.answer is not None]
    if answered:
        grades = run_in_background(_grade_together([moved[place] for place in answered]))
        for place, grade in zip(answered, grades, strict=True):
            moved[place] = replace(moved[place], grade=grade)
    return moved


def _run_together(
    episodes: Sequence[Episode], steps: Sequence[Step], interpreter: Interpreter
) -> list[Execution | None]:
    """Return what the code of each step does, None where there is none.

    A state that one episode alone is in is never asked for again, for episodes are not branched here: its process may
    go on instead of being copied.
    """
    continued = Counter(episode.state.snapshot for episode in episodes)
    jobs: dict[Hashable, Job] = {}
    wanted: list[Hashable] = []
    for place, (episode, step) in enumerate(zip(episodes, steps, strict=True)):
        key: Hashable = None
        if step.code is not None:
            snapshot = snapshot_of(episode.state, interpreter)
            shared = not (snapshot.changes or changes(step.code))
            key = (snapshot.digest, step.code) if shared else place
            jobs.setdefault(key, Job(snapshot, step.code, continued[snapshot] == 1))
        wanted.append(key)
    done = dict(zip(jobs, interpreter.run_many(list(jobs.values())), strict=True))
    return [done.get(key) for key in wanted]


async def _grade_together(episodes: Sequence[Episode]) -> list[Grade]:
    return await asyncio.gather(*(grade_async(str(e.state.answer), e.problem.answer) for e in episodes))
