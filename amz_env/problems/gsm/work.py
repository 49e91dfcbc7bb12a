"""Writing the work: a student goes through the moves of a story, with the misconceptions and slips of its own."""

import operator
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from amz_env.problems.base import Draft, WrittenStep
from amz_env.problems.gsm.checking import conditions_of
from amz_env.problems.gsm.equations import MOST_CHECKS, Values, fact_steps, size_of, solve_facts, solve_step
from amz_env.problems.gsm.story import NAME, Move, Story
from amz_env.problems.students import Student

MAX_STEPS = 7
"""no work has more code steps"""
FEW_STEPS = 4
"""up to this many moves have a step each; beyond, simple moves share one"""

_NUMBER = re.compile(r"\d+")
_OPERATORS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
}


def write(story: Story, student: Student) -> Draft:
    """Return the story's question, answer, and the student's work on it."""
    # The formulas are this package's own text; to evaluate them is what keeps code and output in step (see `_value`).
    env: dict[str, Any] = {"__builtins__": {}, "range": range}
    truth = dict(env)
    steps: list[WrittenStep] = []
    last = ""
    if story.facts:
        asked = _asked(story)
        steps, values = _solved(story, asked, student)
        env.update(values)
        truth.update(solve_facts(story.facts))
        last = asked[-1]
    complete = True
    for planned in grouped(story.moves):
        before, true_before = dict(env), dict(truth)
        if student.checks:  # `truth` goes on whatever the student leaves out
            for var, formula in (let for move in planned for let in move.lets):
                truth[var] = _value(formula, truth)
        group = [worked for move in planned if (worked := _reading(move, story, student)) is not None]
        complete = complete and len(group) == len(planned)
        if not group:
            continue
        # Stops at an intermediate quantity and takes it for the answer.
        if steps and student.slips() and student.rng.random() < 0.5:
            complete = False
            break
        try:
            step = _code_step(group, env, student.rng)
        except (ArithmeticError, LookupError):
            # A wrong reading left nothing to go on with (a division by zero, an empty list of candidates).
            complete = False
            break
        if student.checks:
            conditions = [c for move in planned for c in conditions_of(move, (before, true_before), (env, truth))]
            step = _checked(step, conditions, env)
        steps.append(step)
        last = group[-1].lets[-1][0]
    if complete and story.check is not None:
        steps.append(_code_step([story.check], env, student.rng))
    value = env[story.target] if complete else env.get(last, 0)
    # An empty list of candidates: nothing fits, and the student says so.
    answer = str(value if not isinstance(value, list) else value[0] if value else 0)
    steps.append(WrittenStep(student.rng.choice(story.closings), answer=answer))
    return Draft(story.question, str(story.answer), tuple(steps))


def _solved(story: Story, asked: Sequence[str], student: Student) -> tuple[list[WrittenStep], Values]:
    """Return the steps that write down the facts, as the student reads them, and solve them; and the solution."""
    read = [worked for fact in story.facts if (worked := _reading(fact, story, student)) is not None]
    values = solve_facts(read)
    checked = story.checks[:MOST_CHECKS] if student.checks else ()
    return [*fact_steps(read), solve_step(asked, values, checked)], values


def _asked(story: Story) -> list[str]:
    """Return the quantities that are needed once the facts are solved."""
    stated = {name for fact in story.facts for name, _ in fact.lets}
    stated |= {name for move in story.implied for name, _ in move.lets}
    used = [name for move in story.moves for _, formula in move.lets for name in NAME.findall(formula)]
    return list(dict.fromkeys(name for name in used if name in stated)) or [story.target]


def _reading(move: Move, story: Story, student: Student) -> Move | None:
    """Return the move as this student makes it, None if it leaves it out."""
    for name, instead in move.wrong:
        if student.holds(name):
            if instead is None:
                return None
            move = instead
            break
    return _miscopied(move, story, student.rng) if student.slips() else move


def _miscopied(move: Move, story: Story, rng: random.Random) -> Move:
    """Return the move with one number of the question copied wrong, if it uses one."""
    numbers = story.numbers
    used = [n for _, formula in move.lets for n in _NUMBER.findall(formula) if n in numbers]
    if not used:
        return move
    right = rng.choice(used)
    others = [n for n in numbers if n != right] or [str(int(right) + 1)]
    pattern, wrong = re.compile(rf"\b{right}\b"), rng.choice(others)

    def swap(text: str) -> str:
        return pattern.sub(wrong, text)

    return replace(
        move,
        texts=tuple(map(swap, move.texts)),
        lets=tuple((var, swap(formula)) for var, formula in move.lets),
        shows=tuple(map(swap, move.shows)),
    )


def code_steps(story: Story) -> int:
    """Return how many code steps a perfect student writes."""
    solving = -(-len(story.facts) // size_of(len(story.facts))) + 1 if story.facts else 0
    return solving + len(grouped(story.moves)) + (story.check is not None)


def grouped(moves: Sequence[Move]) -> list[list[Move]]:
    """Return the moves in steps: one each while they are few, else neighbours together where both are simple."""
    groups = [[move] for move in moves]
    spare = len(groups) - FEW_STEPS
    index = 0
    while spare > 0 and index + 1 < len(groups):
        here, after = groups[index], groups[index + 1]
        if _simple(here[0]) and _simple(after[0]) and here[0].shows != after[0].shows:
            groups[index : index + 2] = [here + after]
            spare -= 1
        index += 1
    return groups


def _simple(move: Move) -> bool:
    return len(move.lets) == 1 and move.shows == (move.lets[0][0],) and "[" not in move.lets[0][1]


def _code_step(group: Sequence[Move], env: dict[str, Any], rng: random.Random) -> WrittenStep:
    """Write one code step and carry its variables on in `env`."""
    for move in group:
        for var, formula in move.lets:
            env[var] = _value(formula, env)
    lines = [f"{var} = {formula}" for move in group for var, formula in move.lets]
    shows = [show for move in group for show in move.shows]
    output = " ".join(str(_value(show, env)) for show in shows)
    text = " ".join(rng.choice(_short(move.texts) if len(group) > 1 else move.texts) for move in group)
    return WrittenStep(text, "\n".join([*lines, f"print({', '.join(shows)})"]), output)


def _checked(step: WrittenStep, conditions: Sequence[str], env: dict[str, Any]) -> WrittenStep:
    """Print below a step whether what it found fits the question."""
    if not conditions:
        return step
    holds = " ".join(str(eval(condition, env)) for condition in conditions)
    return replace(step, code=f"{step.code}\nprint({', '.join(conditions)})", output=f"{step.output}\n{holds}")


def _value(formula: str, env: dict[str, Any]) -> Any:
    """Return the value of a formula. Nearly all are `a` or `a + b`, and these do without Python's parser, for speed."""
    words = formula.split(" ")
    known = [int(word) if word.isdigit() else env.get(word) for word in words[::2]]
    if None not in known:
        if len(words) == 1:
            return known[0]
        if len(words) == 3 and words[1] in _OPERATORS:
            return _OPERATORS[words[1]](*known)
    return eval(formula, env)


def _short(texts: Sequence[str]) -> Sequence[str]:
    """Return the short wordings, for a step that says two things."""
    return [text for text in texts if text.count(" ") < 9] or [min(texts, key=len)]
