"""Steps of many environments with code in each: the vector environment beside Gymnasium's SyncVectorEnv.

    python -m benchmarks.vector [--envs 64] [--steps 7] [--repeats 3]

Every sub-environment runs code of its own in every step, none of it seen before. Prints wall and CPU milliseconds a
sub-environment's step, the best of the repeats, and the ratios; writes them as JSON. CPU milliseconds count every
process involved (cgroup accounting; "nan" where no cgroup can be made), so they do not depend on what else runs.

plain   arithmetic that takes the interpreter's fast lane
light   a standard module, which takes a process of its own, and hardly any work
heavy   sympy solves an equation
shared  `light`, the same code in every sub-environment
bare    a malformed step and a new episode: what the environment takes by itself
"""

import argparse
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import gymnasium as gym

from amz_env import code_action
from benchmarks._stopping import stoppable
from benchmarks.interpreter import Cpu

_LIGHT: Final = "import math\nn = {env} + {step}\nprint(math.comb(n + 20, 3) + {fresh})"
CODE: Final = {
    "plain": "n = {env} * 7 + {fresh}\ntotal = 0\nfor i in range(1, 6):\n    total += n * i\nprint(f'total {{total}}')",
    "light": _LIGHT,
    "heavy": "from sympy import *\nx = symbols('x')\nprint(solve(x**2 - 5*x + {env} + 100 * {fresh}, x))",
    "shared": _LIGHT.replace("{env}", "0"),
}
WAYS: Final = ("sync", "vector")


def actions_of(kind: str, envs: int, step: int, fresh: int) -> list[str]:
    """Return the actions of one step; `fresh` makes code that has not been run before."""
    if kind == "bare":
        return ["Nothing to run."] * envs
    return [code_action("Compute.", CODE[kind].format(env=env, step=step, fresh=fresh)) for env in range(envs)]


def measure(cpu: Cpu, way: str, kind: str, envs: int, steps: int, fresh: int) -> tuple[float, float]:
    """Return wall and CPU milliseconds a sub-environment's step, over one episode of each."""
    options: dict[str, Any] = {"problems": "mini-gsm", "size": envs, "max_steps": steps + 1}
    options |= {"vectorization_mode": "sync"} if way == "sync" else {}
    vector = gym.make_vec("MathReasoning-v0", num_envs=envs, **options)
    for code in ("0", "import math"):  # start what there is to start
        vector.reset(seed=0)
        vector.step([code_action("Warm up.", code)] * envs)
    vector.reset(seed=0)
    start, used = perf_counter(), cpu.milliseconds()
    for step in range(steps):
        vector.step(actions_of(kind, envs, step, fresh))
    figures = (perf_counter() - start) * 1e3, cpu.milliseconds() - used
    vector.close()
    wall, processors = (figure / (envs * steps) for figure in figures)
    return wall, processors


def best_of(repeats: int, run: Callable[[int], tuple[float, float]], fresh: int) -> dict[str, float]:
    """Return the least wall and CPU time of some runs, each with fresh code."""
    walls, processors = zip(*(run(fresh + 100 * number) for number in range(repeats)), strict=True)
    return {"wall_ms": min(walls), "cpu_ms": min(processors)}


@stoppable("nothing is written")
def main() -> None:
    """Read the options, measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--envs", type=int, default=64, help="sub-environments")
    parser.add_argument("--steps", type=int, default=7, help="steps of each, one after another")
    parser.add_argument("--repeats", type=int, default=3, help="runs of which the best counts")
    parser.add_argument("--kinds", nargs="+", default=[*CODE, "bare"], help="which rows")
    parser.add_argument("--out", type=Path, default=Path("runs/vector.json"), help="where the JSON goes")
    options = parser.parse_args()
    cpu, figures = Cpu(), dict[str, dict[str, dict[str, float]]]()
    print(f"{'':8}{'sync: wall':>12}{'CPU ms':>9}{'vector: wall':>15}{'CPU ms':>9}{'ratios: wall':>15}{'CPU':>7}")
    for place, kind in enumerate(options.kinds):
        found = figures[kind] = {}
        for way_place, way in enumerate(WAYS):
            run = partial(measure, cpu, way, kind, options.envs, options.steps)
            found[way] = best_of(options.repeats, run, 10_000 * (2 * place + way_place + 1))
        (wall, used), (ours, mine) = (tuple(found[way].values()) for way in WAYS)
        print(
            f"{kind:8}{wall:12.3f}{used:9.3f}{ours:15.3f}{mine:9.3f}{wall / ours:15.1f}{used / mine:7.1f}", flush=True
        )
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps({"options": vars(options), "figures": figures}, indent=2, default=str) + "\n")


if __name__ == "__main__":
    main()
