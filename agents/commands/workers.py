"""Who does the work of a comparison: this process alone, or several processes that share the problems.

Each worker has a model, an interpreter and graders of its own, and one torch thread; this process keeps the report. A
search depends on (seed, question, how often the question came before), and equal questions go to one worker, so the
trees are those of one process.
"""

import signal
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for_messages
from typing import TYPE_CHECKING, Protocol

from agents.commands.errors import innermost
from agents.commands.evaluation import Evaluation, OnOutcome
from agents.commands.specs import AgentSpec, build
from agents.processes import Place, Worker, interrupts_ignored, started, take_place, told_of_death
from agents.reporting.outcome import Outcome
from amz_env.problems.base import Problem

if TYPE_CHECKING:
    from agents.inference.base import Engine

_SECONDS_TO_LEAVE = 20  # for a worker to end its own processes

MakeEngine = Callable[[], "Engine"]


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a model did for an agent: decoding passes, and rows in them; 0 where the engine does not count."""

    calls: int = 0
    rows: int = 0

    def __add__(self, other: "Decoded") -> "Decoded":
        return Decoded(self.calls + other.calls, self.rows + other.rows)


class Team(Protocol):
    """Whoever does the work."""

    def evaluate(
        self, spec: AgentSpec, seed: int, on_outcome: OnOutcome, *, places: Collection[int] | None = None
    ) -> Decoded:
        """Let an agent solve the problems with one seed; see `Evaluation.run`.

        When this is interrupted, every finished search has been reported.

        Args:
            spec: the agent.
            seed: seed of the run.
            on_outcome: called with each outcome, in order of finishing.
            places: which of the problems; None: all.

        Raises:
            ValueError: an option of the agent is out of range.
        """

    def close(self) -> None:
        """Let everybody go."""


class Alone:
    """A team of this process.

    Raises:
        ValueError: no such model.
    """

    def __init__(self, make_engine: MakeEngine, problems: Sequence[Problem]) -> None:
        self._engine = make_engine()
        self._problems = problems

    def evaluate(
        self, spec: AgentSpec, seed: int, on_outcome: OnOutcome, *, places: Collection[int] | None = None
    ) -> Decoded:
        """See `Team.evaluate`."""
        self._engine.forget()  # or an agent would find the prompts of the one before computed
        before = self._decoded()
        problems = [problem for place, problem in enumerate(self._problems) if places is None or place in places]
        Evaluation(build(spec, self._engine), problems, seed, on_outcome).run()
        after = self._decoded()
        return Decoded(after.calls - before.calls, after.rows - before.rows)

    def close(self) -> None:
        """Nobody to let go."""

    def _decoded(self) -> Decoded:
        stats = getattr(self._engine, "stats", None)
        return Decoded(stats.decode_calls, stats.decode_rows) if stats is not None else Decoded()


class Workers:
    """A team of several processes.

    Args:
        count: processes; no more than there are different questions.
        make_engine: makes the engine in each of them; must be picklable, as `problems`.
        problems: what to solve.

    Raises:
        ValueError: no such model.
    """

    def __init__(self, count: int, make_engine: MakeEngine, problems: Sequence[Problem]) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="amz-workers")
        self._shares = shares_of(problems, count)
        self._workers: list[Worker] = []
        try:
            with interrupts_ignored():
                for number, share in enumerate(self._shares):
                    mine = [problems[place] for place in share]
                    self._workers.append(started(_serve, make_engine, mine, Place(number, len(self._shares))))
            for worker in self._workers:
                _received(worker.pipe)  # that it is ready
        except BaseException:
            self._stop()
            self.close()
            raise

    def evaluate(
        self, spec: AgentSpec, seed: int, on_outcome: OnOutcome, *, places: Collection[int] | None = None
    ) -> Decoded:
        """See `Team.evaluate`.

        Raises:
            RuntimeError: a worker died.
        """
        with told_of_death():
            for worker, share in zip(self._workers, self._shares, strict=True):
                own = None if places is None else {number for number, place in enumerate(share) if place in places}
                worker.pipe.send((spec, seed, own))
        # In a thread, because an interruption reaches this one: no message may be lost half read.
        receiving = self._thread.submit(self._receive, on_outcome)
        try:
            return receiving.result()
        except BaseException:  # an interruption, or what was found could not be kept: nobody need go on
            self._stop()
            wait([receiving])
            raise

    def close(self) -> None:
        """End the processes."""
        self._thread.shutdown()
        for worker in self._workers:
            worker.pipe.close()  # a worker that waits for the next task ends here
        for worker in self._workers:
            worker.process.join(_SECONDS_TO_LEAVE)
            worker.process.kill()

    def _stop(self) -> None:
        """Tell the processes to report what they have finished, and to end."""
        for worker in self._workers:
            worker.process.terminate()

    def _receive(self, on_outcome: OnOutcome) -> Decoded:
        """Report outcomes until every worker is done or gone."""
        total, fault = Decoded(), None
        working = [worker.pipe for worker in self._workers]
        while working:
            for pipe in wait_for_messages(working):
                assert isinstance(pipe, Connection)
                try:
                    message = _received(pipe)
                except Exception as error:
                    working.remove(pipe)
                    fault = fault or error
                    continue
                if isinstance(message, Outcome):
                    on_outcome(message)
                elif isinstance(message, Decoded):
                    working.remove(pipe)
                    total += message
        if fault is not None:
            raise fault
        return total


def shares_of(problems: Sequence[Problem], count: int) -> list[list[int]]:
    """Return the places of problems in at most `count` parts, dealt out in turn, equal questions to one, in order."""
    owner: dict[str, int] = {}
    for problem in problems:
        owner.setdefault(problem.question, len(owner) % count)
    owners = [owner[problem.question] for problem in problems]
    shares = [[place for place, whose in enumerate(owners) if whose == number] for number in range(count)]
    return [share for share in shares if share]


def _received(pipe: Connection) -> object:
    """Return the next message of a worker; raise it where it is what went wrong there."""
    with told_of_death():
        message = pipe.recv()
    if isinstance(message, Exception):
        raise message
    return message


def _serve(pipe: Connection, make_engine: MakeEngine, problems: Sequence[Problem], place: Place) -> None:
    """Work in a process of its own: answer each task with outcomes, and at last with what was decoded."""
    import torch

    # A terminal interrupts all processes at once. The first one decides, and says so by SIGTERM.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, _interrupt)
    take_place(place)
    try:
        team = Alone(make_engine, problems)
        torch.set_num_threads(1)
        pipe.send("ready")
        while True:
            spec, seed, places = pipe.recv()
            pipe.send(team.evaluate(spec, seed, pipe.send, places=places))
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        return
    except Exception as error:
        pipe.send(innermost(error))
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
