"""The command line as a person meets it: help, bad input, interruption, and what each command prints."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agents import cli
from agents.commands import play, problems, solve, view
from agents.commands.errors import BadInput
from amz_env import load_problems
from amz_env.interpreter import shared_interpreter
from tests.fakes import ScriptedEngine, solver_policy, solver_value

ROOT = Path(__file__).parents[2]


@pytest.fixture
def narrow(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")


def amz(capsys, *arguments):
    """Run `amz` in this process; return (exit code, stdout, stderr)."""
    try:
        code = cli.run(arguments)
    except SystemExit as ended:  # tyro's way out of --help and unknown options
        code = ended.code
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_help_lists_every_command_and_loads_nothing_heavy():
    code = "import sys; from agents import cli; cli.run(['--help']); print([m for m in sys.modules if m in HEAVY])"
    code = code.replace("HEAVY", "('torch', 'transformers', 'sympy', 'matplotlib', 'gymnasium', 'rich', 'tyro')")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    for name, command in cli.COMMANDS.items():
        assert f"  {name} " in done.stdout and command.summary in done.stdout


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_each_command_explains_itself_with_examples(name, capsys):
    code, out, err = amz(capsys, name, "--help")
    assert (code, err) == (0, "")
    assert f"usage: amz {name}" in out and "Examples:" in out and f"\n  amz {name}" in out


def test_the_help_of_training_loads_no_torch():
    code = "import sys; from agents import cli\ntry: cli.run(['train', '--help'])\nexcept SystemExit: pass\n"
    code += "print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize("options", [[], ["--workers", "2", "--engine", "recompute", "--max-step-tokens", "40"]])
def test_compare_with_the_model_that_ships(options, tmp_path, capsys):
    common = ["compare", "--device", "cpu", "--agents", "greedy,sbs:width=2", "--limit", "2", "--level", "1"]
    code, out, _ = amz(capsys, *common, *options, "--out", str(tmp_path / "run"), "--json")
    rows = json.loads(out)
    assert code == 0 and [row["agent"] for row in rows] == ["greedy", "SBS(1,2)"]
    assert all(row["accuracy"]["total"] == 6 and row["generated_tokens"] > 10 for row in rows)


def test_solve_with_the_model_that_ships(capsys):
    question = "Dora chooses 5 balls. A ball costs $8. How many dollars does Dora pay?"
    code, out, _ = amz(capsys, "solve", question, "--device", "cpu", "--agent", "sbs:beams=3", "--json")
    solution = json.loads(out)
    assert code == 0 and solution["answer"] == "40" and solution["value"] > 0


def test_module_and_version():
    done = subprocess.run([sys.executable, "-m", "agents", "--version"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("amz ")


BAD_INPUT = {
    "command": (["solv"], "did you mean 'solve'?"),
    "agent": (["compare", "--agents", "mtcs"], "did you mean 'mcts'?"),
    "agent option": (["compare", "--agents", "mcts:sims=3"], "it has: simulations"),
    "agent value": (["compare", "--agents", "mcts:simulations=many"], "must be a whole number, got 'many'"),
    "agent twice": (["compare", "--agents", "greedy,greedy"], "given twice"),
    "no agent": (["compare", "--agents"], "no agent given"),
    "problem set": (["compare", "--problems", "mini-gms"], "did you mean 'mini-gsm'?"),
    "problem file": (["compare", "--problems", "no/such.jsonl"], "no/such.jsonl"),
    "level": (["compare", "--level", "9"], "9"),
    "level word": (["problems", "--level", "hard"], "--level takes whole numbers"),
    "limit": (["compare", "--limit", "-1"], "--limit must be 0 (all) or more"),
    "seeds": (["compare", "--seeds", "0,x"], "--seeds takes whole numbers"),
    "out is a file": (["compare", "--out", "pyproject.toml"], "is a file"),
    "empty question": (["solve", "  "], "the question is empty"),
    "two agents": (["solve", "1+1?", "--agent", "greedy,mcts"], "takes one agent"),
    "show": (["problems", "--show", "0"], "--show must be at least 1"),
    "tree file": (["view", "no-such-trees.jsonl"], "no-such-trees.jsonl"),
    "not trees": (["view", "pyproject.toml"], "pyproject.toml:1"),
    "play index": (["play", "--index", "99999"], "99999"),
    "base model": (["train", "--model", "no/such"], "'no/such' is not a model directory"),
    "training problems": (["train", "--problems", "mini-gms"], "did you mean 'mini-gsm'?"),
    "worked examples": (["train", "--few-shot", "9"], "9 were asked for"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_ends_with_one_clear_line_and_code_2(case, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    arguments, words = BAD_INPUT[case]
    code, out, err = amz(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("amz: error: ") and err.count("\n") == 1 and words in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "--training.lr", "-1"], "lr must be above 0"),
        (["train", "--eval-agents", "mtcs"], "did you mean 'mcts'?"),
        (["train", "--eval-agents", "sb3"], "belongs to one model"),
        (["pretrain", "--batch", "0"], "batch must be at least 1"),
        (["pretrain", "--population.sets", "mini-gms"], "must be among mini-gsm, mini-math, mini-guess"),
    ],
)
def test_options_out_of_range_are_told_by_name(arguments, words, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    code, out, err = amz(capsys, *arguments)
    assert (code, out) == (2, "") and words in " ".join(err.replace("│", " ").split())


@pytest.mark.parametrize("arguments", [["compare", "--bogus"], ["compare", "--limit", "x"], ["solve"], ["view"]])
def test_options_that_cannot_be_read_end_with_code_2(arguments, capsys):
    code, out, err = amz(capsys, *arguments)
    assert (code, out) == (2, "") and err and "Traceback" not in err


def test_a_broken_problem_line_is_named_by_file_and_line(tmp_path, capsys):
    path = tmp_path / "broken.jsonl"
    path.write_text('{"question": "1+1?", "answer": "2"}\n{"question": \n')
    code, _, err = amz(capsys, "compare", "--problems", str(path))
    assert code == 2 and "broken.jsonl:2" in err


def test_a_fault_keeps_its_traceback(monkeypatch, capsys):
    def faulty(config):
        raise ValueError("a bug")

    monkeypatch.setattr(problems, "run", faulty)
    with pytest.raises(ValueError, match="a bug"):
        cli.run(["problems"])


def test_a_host_that_cannot_confine_code_is_told_in_a_few_words(monkeypatch, capsys):
    from amz_env.interpreter import SandboxUnavailable

    def refused(config):
        raise ExceptionGroup("searches", [ExceptionGroup("one", [SandboxUnavailable("no namespaces here")])])

    monkeypatch.setattr(solve, "run", refused)
    assert amz(capsys, "solve", "1+1?") == (1, "", "amz: error: no namespaces here\n")


def test_ctrl_c_anywhere_ends_with_130(monkeypatch, capsys):
    def interrupted(config):
        raise KeyboardInterrupt

    monkeypatch.setattr(problems, "run", interrupted)
    code, _, err = amz(capsys, "problems")
    assert code == 130 and "interrupted" in err


@pytest.mark.parametrize("words", ["problems mini-gsm --show 60", "--version"])  # written by rich; flushed at the end
def test_a_reader_that_leaves_early_is_no_error(words):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "agents", *words.split()]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_mistyped_isolation_is_bad_input(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("AMZ_ISOLATION", "wek")
    shared_interpreter.cache_clear()
    for command in (["compare", "--out", str(tmp_path / "out")], ["play"]):
        code, out, err = amz(capsys, *command)
        assert (code, out) == (2, "") and "must be 'strict' or 'weak', got 'wek'" in err


# What the commands print.


def test_problems_as_json_are_a_problem_file(tmp_path, capsys):
    code, out, _ = amz(capsys, "problems", "mini-math", "--level", "3", "--show", "4", "--json")
    path = tmp_path / "problems.jsonl"
    path.write_text(out)
    again = load_problems(path)
    wanted = load_problems("mini-math", split="test", level=3)
    assert code == 0 and [problem.question for problem in again] == [problem.question for problem in wanted[:4]]
    assert {problem.level for problem in again} == {3}


def test_problems_show_question_steps_and_answer(capsys, narrow):
    code, out, _ = amz(capsys, "problems", "mini-gsm", "--show", "1")
    problem = load_problems("mini-gsm", split="test")[0]
    assert code == 0 and problem.id in out and f"Answer: {problem.answer}" in out
    assert "| print(" in out and "<step>" not in out


@pytest.fixture(scope="module")
def known():
    return load_problems("mini-gsm", split="test", size=3)[:]


@pytest.fixture
def engine(known):
    return ScriptedEngine(solver_policy(known, right=0.7), solver_value(known))


def test_solve_shows_steps_output_answer_and_values(known, engine, capsys, narrow):
    config = solve.SolveConfig(known[0].question, agent="mcts:simulations=8", show_tree=True)
    assert solve.run(config, engine) == 0
    out = capsys.readouterr().out
    assert f"Answer: {known[0].answer}" in out
    assert "Step 1  N=" in out and "V=+0.80" in out and "| print(" in out and "\n  > " in out
    assert "* 0." in out and "model calls" in out


def test_solve_as_json_can_be_parsed(known, engine, capsys):
    solve.run(solve.SolveConfig(known[0].question, agent="sbs", show_tree=True, json=True), engine)
    found = json.loads(capsys.readouterr().out)
    assert (found["answer"], found["end"]) == (known[0].answer, "answer")
    assert len(found["steps"]) == len(known[0].solution)
    assert found["steps"][0]["kind"] == "code" and found["steps"][0]["output"] and found["steps"][0]["value"] == 0.8
    assert found["cost"]["generated_tokens"] > 0 and found["tree"]["question"] == known[0].question


def test_solve_without_an_answer_says_why(capsys, narrow):
    engine = ScriptedEngine(lambda state: ["\x1b[2J no step at all"])
    assert solve.run(solve.SolveConfig("What [is] it?", agent="greedy"), engine) == 0
    out = capsys.readouterr().out
    assert "What [is] it?" in out and "No answer (malformed)" in out and "\x1b" not in out


def test_solve_reads_the_question_from_stdin(known, engine, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(known[1].question + "\n"))
    solve.run(solve.SolveConfig("-", agent="greedy", json=True), engine)
    assert json.loads(capsys.readouterr().out)["answer"] == known[1].answer


def test_a_tree_that_cannot_be_saved_costs_no_solution(known, engine, tmp_path, capsys, narrow):
    with pytest.raises(BadInput, match=str(tmp_path)):
        solve.run(solve.SolveConfig(known[0].question, agent="mcts:simulations=8", save_tree=tmp_path), engine)
    assert f"Answer: {known[0].answer}" in capsys.readouterr().out


def test_trees_that_solve_saves_can_be_viewed(known, engine, tmp_path, capsys, narrow):
    path = tmp_path / "trees.jsonl"
    for problem in known[:2]:
        solve.run(solve.SolveConfig(problem.question, agent="mcts:simulations=4", save_tree=path), engine)
    capsys.readouterr()
    assert view.run(view.ViewConfig(path, list=True)) == 0
    listed = capsys.readouterr().out
    assert listed.count(" nodes, ") == 2 and known[1].question[:60] in listed
    assert view.run(view.ViewConfig(path, index=1)) == 0
    shown = capsys.readouterr().out
    assert "0.0 N=" in shown and known[1].question[:60] in shown and "model=builtin" in shown
    view.run(view.ViewConfig(path, index=1, node="0"))
    assert known[1].question in " ".join(capsys.readouterr().out.split())
    code, _, err = amz(capsys, "view", str(path), "--index", "2")
    assert code == 2 and "holds 2 trees" in err
    code, _, err = amz(capsys, "view", str(path), "--node", "0.99")
    assert code == 2 and "no node '0.99'" in err


def test_view_converts_to_the_released_format_and_back(known, engine, tmp_path, capsys):
    path, released = tmp_path / "trees.jsonl", tmp_path / "released.jsonl"
    solve.run(solve.SolveConfig(known[0].question, agent="mcts:simulations=4", save_tree=path), engine)
    capsys.readouterr()
    view.run(view.ViewConfig(path, as_release=True))
    released.write_text(capsys.readouterr().out)
    view.run(view.ViewConfig(path))
    drawn = capsys.readouterr().out
    view.run(view.ViewConfig(released))
    assert capsys.readouterr().out == drawn


def played(monkeypatch, capsys, text, **options):
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    assert play.run(play.PlayConfig("mini-gsm", index=0, **options)) == 0
    return capsys.readouterr().out


def test_play_runs_typed_code_and_judges_the_answer(known, monkeypatch, capsys, narrow):
    out = played(monkeypatch, capsys, f"# try it\nx = 40\nprint(x + 2)\n\nprint(x)\n\n= {known[0].answer}\n")
    assert "42" in out and "40" in out and "right: reward +1" in out and "reference:" not in out


def test_play_shows_the_solution_after_a_wrong_answer_and_lets_one_leave(known, monkeypatch, capsys, narrow):
    assert f"reference: {known[0].answer}" in played(monkeypatch, capsys, "= -17\n")
    assert "reward" not in played(monkeypatch, capsys, "q\n")
    assert "reward" not in played(monkeypatch, capsys, "x = 1\n")  # the keyboard is closed


SLOW_COMPARE = """
import asyncio, sys
from pathlib import Path
from agents import cli
from agents.commands import compare
from amz_env import load_problems
from tests.fakes import ScriptedEngine, solver_policy

known = load_problems("mini-gsm", split="test", size=6)[:]
class Slow(ScriptedEngine):
    async def expand(self, state, n, **options):
        if known.index(next(p for p in known if p.question == state.question)) >= 3:
            print("waiting", flush=True)
            await asyncio.sleep(60)
        return await super().expand(state, n, **options)
run = compare.run
compare.run = lambda config: run(config, Slow(solver_policy(known)))
cli.main(["compare", "--problems", "mini-gsm", "--limit", "6", "--agents", "greedy", "sbs", "--out", sys.argv[1]])
"""


def test_ctrl_c_in_a_comparison_keeps_what_is_done(tmp_path):
    out = tmp_path / "run"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_COMPARE, str(out)],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    lines = out / "outcomes.jsonl"
    deadline = time.monotonic() + 90
    while not (lines.exists() and lines.read_text().count("\n") == 3):
        assert time.monotonic() < deadline and process.poll() is None, process.communicate()[1]
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=90)
    assert process.returncode == 130 and "Traceback" not in stderr
    assert "interrupted" in stderr and "PARTIAL" in stdout and "partial: 3 of 6" in stdout
    results = json.loads((out / "results.json").read_text())
    assert results["partial"] is True and len(results["problems"]) == 3
    assert (out / "accuracy_vs_tokens.png").exists() and (out / "tensorboard" / "greedy").is_dir()
