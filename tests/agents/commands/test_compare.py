"""`amz compare` on a scripted model, the defects of the released code among them."""

import asyncio
import inspect
import json
import time
from dataclasses import replace

import pytest

import agents
from agents.commands import budgets, compare, evaluation
from agents.commands.budgets import PROBLEMS
from agents.commands.compare import CompareConfig
from agents.commands.errors import BadInput
from agents.commands.evaluation import Evaluation
from agents.reporting.outcome import Outcome
from agents.sb3.settings import POLICY_FILE, Settings
from amz_env import Problem, answer_action, load_problems
from amz_env.grading import Grade
from tests.fakes import HOSTILE, ScriptedEngine, by_depth, solver_policy, solver_value

AGENTS = ("greedy", "majority:n=3", "best-of-n:n=3", "sbs:width=3", "sbs:beams=2,width=3", "mcts:simulations=4")


@pytest.fixture(scope="module")
def known():
    return [problem for name in PROBLEMS for problem in load_problems(name, split="test", size=4)]


@pytest.fixture
def engine(known):
    return ScriptedEngine(solver_policy(known, right=0.6), solver_value(known))


def question_file(tmp_path, *pairs):
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps({"question": q, "answer": a}) + "\n" for q, a in pairs))
    return str(path)


def read(out):
    lines = [Outcome.from_json(json.loads(line)) for line in (out / "outcomes.jsonl").read_text().splitlines()]
    return json.loads((out / "results.json").read_text()), lines


def test_a_comparison_writes_what_it_prints(known, engine, tmp_path, capsys):
    out = tmp_path / "run"
    assert compare.run(CompareConfig(agents=AGENTS, limit=4, seeds=("0,1",), out=out), engine) == 0
    printed = capsys.readouterr()
    results, lines = read(out)
    assert [row["agent"] for row in results["rows"]] == [
        "greedy",
        "maj@3",
        "best-of-3",
        "SBS(1,3)",
        "SBS(2,3)",
        "MCTS(4)",
    ]
    assert not results["partial"] and results["config"]["agents"][5] == "mcts:simulations=4"
    assert len(lines) == 6 * len(known) * 2 and [line.to_json() for line in lines] == [
        Outcome.from_json(saved).to_json() for saved in results["problems"]
    ]
    for row in results["rows"]:
        mine = [line for line in lines if line.agent == row["agent"]]
        assert {(line.id, line.seed) for line in mine} == {(p.id, seed) for p in known for seed in (0, 1)}
        assert row["accuracy"]["solved"] == sum(line.correct for line in mine)
        assert row["generated_tokens"] == sum(line.generated_tokens for line in mine) / (2 * len(known)) > 0
        assert f"{row['accuracy']['solved']}/{2 * len(known)}" in printed.out and f"{row['agent']} " in printed.out
    greedy = [line for line in lines if line.agent == "greedy"]
    assert all(line.correct and line.answer for line in greedy)  # its policy takes the right step with 0.6
    assert (out / "accuracy_vs_tokens.png").read_bytes().startswith(b"\x89PNG")
    assert {run.name for run in (out / "tensorboard").iterdir()} == {row["agent"] for row in results["rows"]}
    assert f"{2 * len(known)}/{2 * len(known)} solved" in printed.err and str(out) in printed.err


def test_rows_as_json_are_alone_on_stdout(engine, tmp_path, capsys):
    config = CompareConfig(agents=("greedy",), problems=("mini-gsm",), limit=2, out=tmp_path / "run", json=True)
    assert compare.run(config, engine) == 0
    assert json.loads(capsys.readouterr().out)[0]["accuracy"]["total"] == 2


def test_two_runs_of_the_same_seed_agree(known, engine, tmp_path):
    for name in ("a", "b"):
        compare.run(CompareConfig(agents=("mcts:simulations=3", "majority:n=3"), limit=4, out=tmp_path / name), engine)

    def what(name):
        lines = read(tmp_path / name)[1]
        return sorted((line.agent, line.id, line.answer, line.generated_tokens, line.value) for line in lines)

    assert what("a") == what("b")


def test_outcomes_are_on_disk_while_others_still_search(known, tmp_path):
    """The released code writes nothing before the whole data set is done."""
    out = tmp_path / "run"
    seen = []

    class Waiting(ScriptedEngine):
        async def expand(self, state, n, **options):
            deadline = time.monotonic() + 60
            while state.question == known[0].question and not seen and time.monotonic() < deadline:
                await asyncio.sleep(0.01)
                path = out / "outcomes.jsonl"
                lines = path.read_text().splitlines() if path.exists() else []
                seen.extend(lines if len(lines) == 3 else [])
            return await super().expand(state, n, **options)

    engine = Waiting(solver_policy(known))
    config = CompareConfig(agents=("greedy",), problems=("mini-gsm",), limit=4, out=out)
    assert compare.run(config, engine) == 0
    assert {json.loads(line)["id"] for line in seen} == {problem.id for problem in known[1:4]}


def test_identical_questions_are_kept_apart(tmp_path):
    """The released code keys results by the question, so identical ones collapse to one."""
    twice = [Problem("a", "Which?", "1", "s"), Problem("b", "Which?", "2", "s"), Problem("c", "Which?", "1", "s")]
    engine = ScriptedEngine(lambda state: [answer_action("So.", str(n)) for n in range(50)])
    outcomes = []
    Evaluation(agents.make("majority", model=engine, n=1), twice, 0, outcomes.append).run()
    assert sorted(outcome.id for outcome in outcomes) == ["a", "b", "c"]
    assert len({outcome.answer for outcome in outcomes}) > 1  # each searched with a seed of its own
    assert all(outcome.correct == (outcome.answer == outcome.reference) for outcome in outcomes)


def test_any_of_n_is_what_an_oracle_would_choose_among_the_answers(tmp_path, capsys):
    answers = [answer_action(f"Way {i}.", answer) for i, answer in enumerate(("3", "3", "1/2", "7"))]
    engine = ScriptedEngine(by_depth(answers), draw="listed")
    path = question_file(tmp_path, ("Half of one?", "0.5"), ("Half of two?", "1"))
    out = tmp_path / "run"
    compare.run(CompareConfig(agents=("majority:n=4", "greedy"), problems=(path,), out=out), engine)
    results, lines = read(out)
    voted = {line.question: line for line in lines if line.agent == "maj@4"}
    assert [(each.answer, each.answers, each.right_answers) for each in voted.values()] == [("3", 4, 1), ("3", 4, 0)]
    assert not voted["Half of one?"].correct and voted["Half of one?"].any_correct
    any_of = {row["agent"]: (row["accuracy"]["solved"], row["any_of"]["solved"]) for row in results["rows"]}
    assert any_of == {"maj@4": (0, 1), "greedy": (0, 0)}
    assert " 0 / 50 " in capsys.readouterr().out


def test_a_search_that_breaks_costs_one_problem(known, tmp_path, capsys):
    def broken(state):
        if state.question in (known[1].question, known[6].question):
            raise RuntimeError("the model fell over")

    engine = ScriptedEngine(solver_policy(known), fail=broken)
    out = tmp_path / "run"
    assert compare.run(CompareConfig(agents=("greedy", "sbs:width=2"), limit=4, out=out), engine) == 0
    for agent in ("greedy", "SBS(1,2)"):
        mine = [line for line in read(out)[1] if line.agent == agent]
        assert sorted(line.id for line in mine) == sorted(problem.id for problem in known)
        errors = [line for line in mine if line.status == "error"]
        assert {line.id for line in errors} == {known[1].id, known[6].id}
        assert errors[0].note == "RuntimeError: the model fell over"
    assert "2 broken" in capsys.readouterr().out


def test_a_run_in_which_everything_broke_fails_and_says_why(known, tmp_path, capsys):
    def broken(state):
        raise RuntimeError("out of memory")

    engine = ScriptedEngine(solver_policy(known), fail=broken)
    config = CompareConfig(agents=("greedy",), problems=("mini-gsm",), limit=3, out=tmp_path / "run")
    assert compare.run(config, engine) == 1
    assert "every search broke; the first: RuntimeError: out of memory" in capsys.readouterr().err


def test_hostile_steps_do_not_crash_a_run(tmp_path, capsys):
    quick = {name: action for name, action in HOSTILE.items() if name != "loops"}
    path = question_file(tmp_path, *((f"What does {name} give?", "1") for name in quick))
    engine = ScriptedEngine(lambda state: [quick[state.question.removeprefix("What does ").removesuffix(" give?")]])
    out = tmp_path / "run"
    agents_ = ("greedy", "sbs:width=2", "mcts:simulations=3,width=2")
    assert compare.run(CompareConfig(agents=agents_, problems=(path,), limit=0, out=out), engine) == 0
    results, lines = read(out)
    assert len(lines) == 3 * len(quick) and not any(line.status == "error" for line in lines)
    by_question = {line.question: line for line in lines if line.agent == "greedy"}
    assert by_question["What does two answers give?"].end == "malformed"
    assert by_question["What does raises give?"].end == "code_errors"
    assert results["rows"][0]["unanswered"] == sum(line.answer is None for line in lines if line.agent == "greedy")
    assert "13 without answer" in capsys.readouterr().out


def test_seconds_are_told_apart_per_problem_and_run(known, engine, tmp_path, capsys):
    out = tmp_path / "run"
    compare.run(CompareConfig(agents=("majority:n=3",), limit=2, out=out), engine)
    results, lines = read(out)
    (row,) = results["rows"]
    for name in ("model_seconds", "code_seconds", "grading_seconds", "search_seconds", "prefilled_tokens"):
        total = sum(getattr(line, name) for line in lines)
        assert row["run"][name] == pytest.approx(total) and row[name] == pytest.approx(total / len(lines))
    assert all(line.grading_seconds > 0 and line.search_seconds > 0 for line in lines)
    assert row["mean_rows"] is None and "cost per problem" in capsys.readouterr().out


def test_a_grade_that_cannot_be_decided_counts_as_not_solved(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(evaluation, "grade", lambda answer, reference: Grade(False, "unknown", "deadline"))
    path = question_file(tmp_path, ("What is 1+1?", "2"))
    engine = ScriptedEngine(by_depth([answer_action("So.", "2")]))
    out = tmp_path / "run"
    assert compare.run(CompareConfig(agents=("greedy",), problems=(path,), out=out), engine) == 0
    results, (line,) = read(out)
    assert (line.status, line.correct, line.note) == ("unknown", False, "deadline")
    assert results["rows"][0]["unknown"] == 1 and "1 not decidable" in capsys.readouterr().out


def test_results_are_not_overwritten_unless_asked(engine, tmp_path):
    config = CompareConfig(agents=("greedy",), problems=("mini-gsm",), limit=1, out=tmp_path / "run")
    compare.run(config, engine)
    with pytest.raises(BadInput, match=r"already holds outcomes\.jsonl"):
        compare.run(config, engine)
    (tmp_path / "run" / "accuracy_at_budgets.png").touch()  # as a run with budgets leaves
    again = CompareConfig(agents=("sbs",), problems=("mini-gsm",), limit=2, out=tmp_path / "run", overwrite=True)
    compare.run(again, engine)
    results, lines = read(tmp_path / "run")
    assert len(lines) == 2 and [run.name for run in (tmp_path / "run" / "tensorboard").iterdir()] == ["SBS(1,5)"]
    assert [row["agent"] for row in results["rows"]] == ["SBS(1,5)"]
    assert not (tmp_path / "run" / "accuracy_at_budgets.png").exists()


def test_what_another_command_has_written_is_left_alone(engine, tmp_path):
    (tmp_path / "tensorboard").mkdir()
    (tmp_path / "tensorboard" / "events").write_text("of a training")
    with pytest.raises(BadInput, match="already holds tensorboard"):
        compare.run(CompareConfig(agents=("greedy",), problems=("mini-gsm",), limit=1, out=tmp_path), engine)
    assert (tmp_path / "tensorboard" / "events").read_text() == "of a training"


def test_quick_is_smaller_but_leaves_named_agents_alone(engine, tmp_path):
    quick = compare.prepare(CompareConfig(quick=True, out=tmp_path / "a"), engine)
    default = compare.prepare(CompareConfig(out=tmp_path / "b"), engine)
    named = compare.prepare(CompareConfig(quick=True, agents=("sbs",), limit=3, out=tmp_path / "c"), engine)
    assert len(quick.problems) < len(default.problems) and len(quick.agents) < len(default.agents) == 6
    assert list(named.agents) == ["SBS(1,5)"] and len(named.problems) == 3 * len(PROBLEMS)


def test_problems_are_the_held_out_ones_by_default(engine, tmp_path):
    prepared = compare.prepare(CompareConfig(limit=3, out=tmp_path / "a"), engine)
    assert all(":test:" in problem.id for problem in prepared.problems)
    assert {problem.source for problem in prepared.problems} == set(PROBLEMS)


def test_files_of_the_same_name_are_told_apart(tmp_path):
    engine = ScriptedEngine(by_depth([answer_action("So.", "2")]))
    paths = []
    for folder, question, answer in (("a", "1+1?", "2"), ("b", "2+2?", "4")):
        (tmp_path / folder).mkdir()
        paths.append(question_file(tmp_path / folder, (question, answer)))
    compare.run(CompareConfig(agents=("greedy",), problems=(*paths, "mini-gsm"), limit=1, out=tmp_path / "run"), engine)
    by_source = read(tmp_path / "run")[0]["rows"][0]["by_source"]
    assert list(by_source) == sorted([*paths, "mini-gsm"])
    assert (by_source[paths[0]]["solved"], by_source[paths[1]]["solved"]) == (1, 0)


def test_columns_of_a_file_can_be_named_beside_built_in_sets(engine, tmp_path):
    path = tmp_path / "questions.csv"
    path.write_text("prompt,gold\nWhat is 1 + 1?,2\n")
    config = CompareConfig(problems=(str(path), "mini-gsm"), limit=1, out=tmp_path / "run")
    with pytest.raises(BadInput, match="name its column with question_key"):
        compare.prepare(config, engine)
    named = compare.prepare(replace(config, question_key="prompt", answer_key="gold"), engine)
    assert [problem.source for problem in named.problems] == ["questions.csv", "mini-gsm"]
    assert (named.problems[0].question, named.problems[0].answer) == ("What is 1 + 1?", "2")


def test_a_full_disk_is_not_taken_for_a_broken_search(known, engine):
    def full(outcome):
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        Evaluation(agents.make("greedy", model=engine), known[:2], 0, full).run()


def test_the_help_tells_the_sizes_that_hold():
    told = inspect.getsource(CompareConfig)
    assert f"Default: {budgets.LIMIT}, with --quick {budgets.QUICK_LIMIT}." in told


def test_a_trained_policy_that_cannot_be_loaded_is_told_before_any_work(engine, tmp_path):
    Settings("ppo").save(tmp_path / "policy")
    (tmp_path / "policy" / POLICY_FILE).write_bytes(b"no policy")
    agents = ("greedy", f"sb3:path={tmp_path / 'policy'}")
    with pytest.raises(BadInput):
        compare.run(CompareConfig(agents=agents, limit=1, out=tmp_path / "out"), engine)
    assert not (tmp_path / "out").exists() and not engine.calls
