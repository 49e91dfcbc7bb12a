"""Rates: so much an hour or a day, for so long; totals, what is still missing, and how long it takes."""

import random
from dataclasses import dataclass

from amz_env.problems.base import Draft
from amz_env.problems.gsm.families.extras import WORKER, slip_in
from amz_env.problems.gsm.families.tanks import draw_tank
from amz_env.problems.gsm.story import Move, Story, Wrong, find, look, pick_operations
from amz_env.problems.gsm.things import GENERIC_CLOSINGS, NAMES, times
from amz_env.problems.gsm.work import write
from amz_env.problems.students import Student


@dataclass(frozen=True, slots=True)
class Trade:
    """Something that goes on at a rate: who does it, the words for the rate, and what comes out.

    `stays` tells whether that is there afterwards, so that some of it can be lost.
    """

    workers: tuple[str, ...]
    does: str
    do: str
    unit: str
    per: str
    fits: tuple[int, int]
    stays: bool = True


TRADES = (
    Trade(("red machine", "blue machine", "old machine", "new machine"), "makes", "make", "toys", "hour", (5, 40)),
    Trade(("first printer", "second printer", "third printer"), "prints", "print", "pages", "minute", (4, 30)),
    Trade(("big pump", "small pump", "old pump"), "moves", "move", "liters", "minute", (5, 40)),
    Trade(("baker", "helper", "cook"), "bakes", "bake", "rolls", "hour", (8, 40)),
    Trade(("car", "bus", "train"), "drives", "drive", "kilometers", "hour", (30, 90), stays=False),
    Trade(NAMES, "earns", "earn", "dollars", "hour", (8, 30)),
    Trade(NAMES, "reads", "read", "pages", "day", (6, 40), stays=False),
    Trade(NAMES, "runs", "run", "kilometers", "day", (3, 12), stays=False),
    Trade(NAMES, "packs", "pack", "parcels", "hour", (6, 30)),
)
RATE = (
    "{W} {does} {r} {unit} per {per}.",
    "{W} {does} {r} {unit} each {per}.",
    "In one {per}, {w} {does} {r} {unit}.",
)
LINKED = {
    "more": "{W} {does} {n} more {unit} per {per} than {v}.",
    "fewer": "{W} {does} {n} fewer {unit} per {per} than {v}.",
    "times": "{W} {does} {times} as many {unit} per {per} as {v}.",
}
TIME = ("{W} goes on for {t} {pers}.", "{W} does this for {t} {pers}.", "{W} keeps this up for {t} {pers}.")
HOURS = ("{W} goes on for {h} hours.", "{W} keeps this up for {h} hours.")
WEEKS = ("{W} does this every day for {h} weeks.", "{W} keeps this up for {h} weeks.")
DAILY = ("{W} does this for {t} {pers} a day, on {d} days.", "{W} works {t} {pers} a day for {d} days.")
LOSS = ("Then {n} {unit} are lost.", "Later {n} {unit} are thrown away.")
LOSS_OF = {
    "dollars": ("Then {n} dollars are spent.", "Later {n} dollars are given away."),
    "liters": ("Then {n} liters leak out.", "Later {n} liters flow back."),
}
GAIN = ("Before that there were {n} {unit} already.", "Someone else adds {n} {unit}.")
GAIN_DONE = ("Before that it was {n} {unit} already.", "Someone else adds {n} {unit}.")
GOAL = (
    "The goal is {n} {unit}. How many {unit} are still missing?",
    "In all {n} {unit} are needed. How many {unit} are missing?",
)
REST = (
    "The goal is {n} {unit}. The rest is done at {s} {unit} per {per}. How many more {pers} does the rest take?",
    "In all {n} {unit} are needed. A friend does the rest at {s} {unit} per {per}. "
    "How many {pers} does the friend need?",
)
ASK_TOTAL = ("How many {unit} is that altogether?", "How many {unit} is that in total?")
ASK_NOW = ("How many {unit} is that in the end?", "How many {unit} are there then?")
ASK_DONE = ("How many {unit} is that in the end?", "How many {unit} is that with everything?")
ASK_DIFFERENCE = "How many more {unit} does {w} {do} than {v}?"


def rates(rng: random.Random, level: int, student: Student) -> Draft:
    """Draw and work one problem."""
    operations = pick_operations(rng, level)
    while True:
        story = draw_tank(rng, operations) if 1 < operations < 5 and rng.random() < 0.3 else _jobs(rng, operations)
        if story is not None:
            return write(story, student)


@dataclass
class Jobs:
    """The jobs drawn so far: what each worker gets done."""

    sentences: list[str]
    moves: list[Move]
    made: dict[str, int]


def _jobs(rng: random.Random, operations: int) -> Story | None:
    """Draw one to three workers and how long they work, then what happens to the total."""
    trade = rng.choice(TRADES)
    end = rng.choice(("total", "difference", "loss", "gain", "goal", "rest"))
    ending = {"total": 0, "rest": 2}.get(end, 1)
    count = rng.choice([c for c in (1, 2, 3) if 2 * c - 1 <= operations] or [1])
    joining = (count - 1) if end != "difference" else 0
    working = operations - ending - joining
    if (end == "difference" and count != 2) or not count <= working <= 3 * count:
        return None
    workers = rng.sample(trade.workers, count)
    costs = _spread(rng, working, count)
    if costs is None:
        return None
    jobs = Jobs([], [], {})
    first = _job(rng, trade, jobs, workers[0], costs[0], None)
    for worker, cost in zip(workers[1:], costs[1:], strict=True):
        _job(rng, trade, jobs, worker, cost, (workers[0], first))
    slip_in(rng, jobs.sentences, WORKER, _the(workers[0]), 0.25, after=1)
    if min(jobs.made.values()) < 4 or sum(jobs.made.values()) > rng.choice((600, 999, 999, 999, 2500)):
        return None
    var, total = _variable(workers[0]), sum(jobs.made.values())
    if count > 1 and end != "difference":
        names = [_variable(worker) for worker in workers]
        texts = ("Add what all of them do.", f"Find all the {trade.unit}.", "Put the amounts together.")
        jobs.moves.append(find("total", " + ".join(names), texts, wrong=[("total-skips-first", " + ".join(names[1:]))]))
        var = "total"
    ended = _end(rng, trade, jobs, end, var, total)
    if ended is None:
        return None
    question, target, answer, check = ended
    text = " ".join([*jobs.sentences, question])
    return Story(text, answer, target, tuple(jobs.moves), GENERIC_CLOSINGS, check)


def _spread(rng: random.Random, working: int, count: int) -> list[int] | None:
    """Divide the operations among the workers: 1 for rate by time, more for longer times or a linked rate."""
    costs = [1] * count
    for _ in range(working - count):
        open_ = [i for i in range(count) if costs[i] < (3 if i else 2)]
        if not open_:
            return None
        costs[rng.choice(open_)] += 1
    return costs


def _the(worker: str) -> str:
    return worker if worker[0].isupper() else f"the {worker}"


def _variable(worker: str) -> str:
    return worker.split()[0].lower()


def _job(rng: random.Random, trade: Trade, jobs: Jobs, worker: str, cost: int, before: tuple[str, int] | None) -> int:
    """Draw one worker's rate and time; return the rate."""
    the, var = _the(worker), _variable(worker)
    fields: dict[str, object] = {
        "w": the,
        "W": the[0].upper() + the[1:],
        "does": trade.does,
        "unit": trade.unit,
        "per": trade.per,
        "pers": f"{trade.per}s",
    }
    linked = before is not None and (cost == 3 or (cost == 2 and rng.random() < 0.6))
    low, high = trade.fits
    # What goes on for hours or weeks is slower, so that the numbers stay small.
    rate, shown = rng.randint(low, high if cost == 1 else low + 6), ""
    read = []
    if linked and before is not None:
        rate = _linked_rate(rng, trade, jobs, fields, before)
        shown = "rate"
    else:
        read.append(rng.choice(RATE).format(r=rate, **fields))
        jobs.sentences.append(read[0])
        shown = str(rate)
    longer = cost - linked == 2
    amount, sentence, duration, moves = _duration(rng, trade, fields, longer=longer)
    jobs.sentences[-1] += f" {sentence}"
    jobs.moves += moves
    if not longer:
        read.append(sentence)
    text = " ".join(read) or f"Find the {trade.unit} of {the}."
    jobs.moves.append(find(var, f"{shown} * {duration}", (text,), wrong=[("each-as-plus", f"{shown} + {duration}")]))
    jobs.made[worker] = rate * amount
    return rate


def _linked_rate(
    rng: random.Random, trade: Trade, jobs: Jobs, fields: dict[str, object], before: tuple[str, int]
) -> int:
    """Draw a rate that is given by way of that of the first worker."""
    worker, known = before
    kind = rng.choice(("more", "fewer", "times") if known > 6 else ("more", "times"))
    n, k = rng.randint(2, max(2, min(known - 2, 20))), rng.randint(2, 3)
    sentence = LINKED[kind].format(v=_the(worker), n=n, times=times(k), **fields)
    wrong: list[Wrong] = []
    if kind == "more":
        formula, rate = f"{known} + {n}", known + n
    elif kind == "fewer":
        formula, rate, wrong = f"{known} - {n}", known - n, [("fewer-as-more", f"{known} + {n}")]
    else:
        formula, rate, wrong = f"{known} * {k}", known * k, [("times-as-plus", f"{known} + {k}")]
    jobs.sentences.append(sentence)
    jobs.moves.append(find("rate", formula, (sentence,), wrong=wrong))
    return rate


def _duration(
    rng: random.Random, trade: Trade, fields: dict[str, object], *, longer: bool
) -> tuple[int, str, str, list[Move]]:
    """Draw how long it goes on; return (number of units of time, sentence, formula, computations)."""
    if not longer:
        t = rng.randint(2, 12)
        return t, rng.choice(TIME).format(t=t, **fields), str(t), []
    if trade.per == "minute":
        h = rng.randint(2, 5)
        sentence = rng.choice(HOURS).format(h=h, **fields)
        return h * 60, sentence, "minutes", [_time("minutes", sentence, f"{h} * 60", ("unit-size", f"{h} * 100"))]
    if trade.per == "day":
        h = rng.randint(2, 6)
        sentence = rng.choice(WEEKS).format(h=h, **fields)
        return h * 7, sentence, "days", [_time("days", sentence, f"{h} * 7", ("unit-size", f"{h} * 5"))]
    t, d = rng.randint(2, 9), rng.randint(2, 9)
    sentence = rng.choice(DAILY if trade.stays else DAILY[:1]).format(t=t, d=d, **fields)
    return t * d, sentence, "hours", [_time("hours", sentence, f"{t} * {d}", ("each-as-plus", f"{t} + {d}"))]


def _time(var: str, sentence: str, formula: str, wrong: Wrong) -> Move:
    return find(var, formula, (sentence,), wrong=[wrong])


def _end(
    rng: random.Random, trade: Trade, jobs: Jobs, end: str, var: str, total: int
) -> tuple[str, str, int, Move | None] | None:
    """Return (question, variable, answer, check), and add the last computations."""
    unit = trade.unit
    if end == "total":
        return rng.choice(ASK_TOTAL).format(unit=unit), var, total, None
    if end == "difference":
        a, b = sorted(jobs.made, key=lambda worker: -jobs.made[worker])
        if jobs.made[a] == jobs.made[b]:
            return None
        big, small = _variable(a), _variable(b)
        texts = (f"Compare {_the(a)} with {_the(b)}.", f"How far {_the(a)} is above {_the(b)}.", "Compare the two.")
        jobs.moves.append(find("more", f"{big} - {small}", texts, wrong=[("difference-as-total", f"{big} + {small}")]))
        question = ASK_DIFFERENCE.format(unit=unit, w=_the(a), v=_the(b), do=trade.do)
        return question, "more", jobs.made[a] - jobs.made[b], None
    if end in ("loss", "gain"):
        if end == "loss" and not trade.stays:
            return None
        n = rng.randint(2, min(90, total - 1))
        gains = GAIN if trade.stays else GAIN_DONE
        sentence = rng.choice(LOSS_OF.get(unit, LOSS) if end == "loss" else gains).format(n=n, unit=unit)
        jobs.sentences.append(sentence)
        sign, answer = ("-", total - n) if end == "loss" else ("+", total + n)
        wrong: list[Wrong] = [("lost-as-gained", f"{var} + {n}")] if end == "loss" else []
        jobs.moves.append(find("now", f"{var} {sign} {n}", (sentence,), wrong=wrong))
        return rng.choice(ASK_NOW if trade.stays else ASK_DONE).format(unit=unit), "now", answer, None
    s, t = rng.randint(*trade.fits), rng.randint(2, 9)
    missing = s * t if end == "rest" else rng.randint(5, 99)
    goal = total + missing
    texts = (
        f"Find what is missing to {goal}.",
        f"The goal is {goal} {unit}.",
        f"How many {unit} are missing to {goal}.",
    )
    if end == "goal":
        jobs.moves.append(find("missing", f"{goal} - {var}", texts, wrong=[("goal-as-total", None)]))
        return rng.choice(GOAL).format(n=goal, unit=unit), "missing", missing, None
    jobs.moves.append(find("missing", f"{goal} - {var}", texts, wrong=[("goal-as-total", var)]))
    texts = (
        f"Find how long {s} per {trade.per} take for that.",
        f"The rest is done at {s} per {trade.per}.",
        f"See how often {s} fits.",
    )
    jobs.moves.append(find("time", f"missing // {s}", texts, wrong=[("time-by-product", f"missing * {s}")]))
    question = rng.choice(REST).format(n=goal, s=s, unit=unit, per=trade.per, pers=f"{trade.per}s")
    check = look(
        ("Check that the goal is reached.", "Check: all of it together.", "Check the goal."),
        "time",
        f"{var} + time * {s} == {goal}",
    )
    return question, "time", t, check
