"""What people look at: tables, the picture, TensorBoard runs, trees and steps in the terminal."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

import agents
from agents.reporting.comparison import row_of
from agents.reporting.outcome import Outcome
from agents.reporting.picture import save_accuracy_picture
from agents.reporting.solution_view import step_view
from agents.reporting.table import comparison_table, cost_table, level_table, source_table
from agents.reporting.tensorboard import metrics_of, run_name, solution_markdown, write_run
from agents.reporting.text import printable, shortened
from agents.reporting.tree_view import tree_view
from amz_env.steps import Step, answer_action, code_action
from tests.fakes import HOSTILE, ScriptedEngine, by_depth


def drawn(thing, width=120):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(thing)
    return console.file.getvalue()


def outcomes_of(agent, verdicts, **numbers):
    return [
        Outcome(agent, 0, f"p{i}", "mini", "", 1 + i % 2, "q?", "1", "1", verdict, verdict == "correct", **numbers)
        for i, verdict in enumerate(verdicts)
    ]


@pytest.fixture
def rows():
    good = outcomes_of("MCTS [40]", ["correct", "correct", "wrong", "unknown"], generated_tokens=1234, model_calls=40)
    poor = outcomes_of("greedy", ["wrong", "no answer"], generated_tokens=56)
    return [
        row_of("MCTS [40]", good, wall_seconds=10, expected=4),
        row_of("greedy", poor, wall_seconds=1, expected=4),
        row_of("best-of-8", [], wall_seconds=0, expected=4),
    ]


def test_the_table_tells_all_of_it(rows):
    text = drawn(comparison_table(rows), width=160)
    lines = {line.split("│")[1].strip(): line for line in text.splitlines() if "│" in line}
    assert all(word in lines["MCTS [40]"] for word in ("50.0 [15.0, 85.0]", "2/4", "1,234", "2.50"))
    assert "1 not decidable" in lines["MCTS [40]"] and "partial" not in lines["MCTS [40]"]
    assert "1 without answer" in lines["greedy"] and "partial: 2 of 4" in lines["greedy"]
    assert "0/0" in lines["best-of-8"] and "partial: 0 of 4" in lines["best-of-8"]


def test_the_cost_table_tells_tokens_calls_and_where_the_seconds_went(rows):
    spent = {"model_seconds": 0.5, "code_seconds": 0.25, "grading_seconds": 0.125, "search_seconds": 0.0625}
    outcomes = outcomes_of(
        "a", ["wrong", "wrong"], generated_tokens=1234, prefilled_tokens=56, reused_tokens=78, **spent
    )
    row = row_of("a", outcomes, wall_seconds=1, expected=2, mean_rows=12.34)
    (line,) = [line for line in drawn(cost_table([row])).splitlines() if "1,234" in line]
    cells = [cell.strip() for cell in line.split("│")[1:-1]]
    assert cells == ["a", "1,234", "56.0", "78.0", "0.00", "12.3", "0.500", "0.250", "0.125", "0.062"]
    metrics = metrics_of(row)
    assert (metrics["compare/search_seconds"], metrics["run/search_seconds"]) == (0.0625, 0.125)
    assert (metrics["compare/mean_rows"], metrics["run/generated_tokens"]) == (12.34, 2468)
    saved = row.to_json()
    assert saved["reused_tokens"] == 78 and saved["run"]["code_seconds"] == 0.5 and saved["mean_rows"] == 12.34
    (line,) = [line for line in drawn(cost_table(rows)).splitlines() if "MCTS" in line]
    assert line.split("│")[6].strip() == "-"  # no figure where the engine does not count


def test_the_tables_by_set_and_level_have_a_dash_where_nothing_was_run(rows):
    for table, groups in ((source_table, 1), (level_table, 2)):
        lines = [line for line in drawn(table(rows)).splitlines() if "│" in line]
        (line,) = [line for line in lines if "best-of-8" in line]
        assert line.count(" - ") == groups
        (line,) = [line for line in lines if "MCTS" in line]
        assert [cell.strip() for cell in line.split("│")[2:-1]] == ["50"] * groups


def test_any_of_n_stands_beside_accuracy_where_there_was_a_choice():
    # Level 1: p0 is right, p2 has a right answer among its three that was not chosen. Level 2: p1 has none.
    found = zip(outcomes_of("maj@3", ["correct", "wrong", "wrong"]), (2, 0, 1), strict=True)
    voted = [replace(each, answers=3, right_answers=right) for each, right in found]
    single = [replace(each, answers=1, right_answers=0) for each in outcomes_of("greedy", ["wrong"] * 3)]
    rows = [
        row_of("maj@3", voted, wall_seconds=1, expected=3),
        row_of("greedy", single, wall_seconds=1, expected=3),
    ]

    def cells(table, agent):
        (line,) = [line for line in drawn(table, width=160).splitlines() if f" {agent} " in line]
        return [cell.strip() for cell in line.split("│")[2:-1]]

    assert cells(comparison_table(rows), "maj@3")[1:4] == ["1/3", "66.7", "3.0"]
    assert cells(source_table(rows), "maj@3") == ["33 / 67"] and cells(source_table(rows), "greedy") == ["0"]
    assert cells(level_table(rows), "maj@3") == ["50 / 100", "0 / 0"]
    assert metrics_of(rows[0])["compare/any_of"] == pytest.approx(2 / 3)


def test_the_picture_is_a_png_also_of_nothing(rows, tmp_path):
    for name, shown in (("all", rows), ("none", rows[2:])):
        path = tmp_path / "deep" / f"{name}.png"
        save_accuracy_picture(path, shown)
        assert path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size > 5_000


def test_names_with_dollar_signs_are_no_formulas(rows, tmp_path):
    named = [replace(row, agent=r"$\x$ " + row.agent) for row in rows]
    save_accuracy_picture(tmp_path / "p.png", named, title=r"$\y$.jsonl")
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")


def test_the_picture_places_agents_by_tokens_and_accuracy(rows, tmp_path, monkeypatch):
    from matplotlib.axes import Axes

    places = []
    real = Axes.errorbar
    monkeypatch.setattr(
        Axes, "errorbar", lambda self, x, y, **k: (places.append((x, y, k["yerr"])), real(self, x, y, **k))[1]
    )
    save_accuracy_picture(tmp_path / "p.png", rows)
    (x, y, reach), (other_x, other_y, _) = places
    assert (x, y, other_x, other_y) == ([1234], [50.0], [56], [0.0])
    assert y[0] - reach[0][0] == pytest.approx(15.0, abs=0.05) and y[0] + reach[1][0] == pytest.approx(85.0, abs=0.05)


def test_a_tensorboard_run_holds_scalars_hyper_parameters_and_solutions(rows, tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    outcomes = outcomes_of("MCTS [40]", ["correct", "wrong", "correct"], solution="<step>\n```python\n1\n```\n</step>")
    settings = {"model": "builtin", "seeds": [0, 1], "limit": 40}
    run = write_run(tmp_path, rows[0], outcomes, settings)
    events = EventAccumulator(str(run), size_guidance={"tensors": 0, "scalars": 0}).Reload()
    assert events.Scalars("compare/accuracy")[0].value == pytest.approx(0.5)
    assert events.Scalars("compare/generated_tokens")[0].value == pytest.approx(1234)
    progress = [event.value for event in events.Scalars("progress/accuracy")]
    assert progress == pytest.approx([1, 1 / 2, 2 / 3])
    assert [event.step for event in events.Scalars("by_level/accuracy")] == [1, 2]
    text = events.Tensors("solutions/text_summary")
    assert len(text) == 3 and "</step>" in text[0].tensor_proto.string_val[0].decode()
    assert "_hparams_/experiment" in events.summary_metadata
    assert run.parent == tmp_path and run.name == run_name("MCTS [40]")


def test_a_solution_with_a_fence_stays_inside_its_own_fence():
    outcome = outcomes_of("a", ["wrong"], solution="x\n````\ny")[0]
    assert solution_markdown(outcome).count("`````") == 2


@pytest.mark.parametrize("label", ["../../etc", "a/b", "", "..", "MCTS(40)"])
def test_a_run_is_a_directory_of_its_own_whatever_the_label(label):
    name = run_name(label)
    assert name and "/" not in name and name not in (".", "..")


@pytest.fixture(scope="module")
def solution():
    engine = ScriptedEngine(
        by_depth(
            [code_action("Add [them].", "print(40 + 2)"), HOSTILE["control characters"]], [answer_action("So.", "42")]
        ),
        lambda state: 0.5,
        draw="listed",
    )
    (solution,) = agents.make("mcts", model=engine, simulations=5, width=2).solve(["What is 40 + [2]?"])
    return solution


def test_a_tree_is_drawn_with_its_numbers_and_the_chosen_path(solution):
    text = drawn(tree_view(solution.tree, chosen=solution.tree.answers()[0]))
    lines = {line.split("N=")[0].strip(" *├└│─"): line for line in text.splitlines() if "N=" in line}
    assert "What is 40 + [2]?" in lines["0"]
    assert "* 0.0 " in lines["0.0"] and "V=+0.50" in lines["0.0"] and "Add [them]. -> 42" in lines["0.0"]
    child = solution.tree.root.children[0]
    assert f"N={child.visits} Q={child.q:+.2f} V=+0.50 P={child.prior:.2f}" in lines["0.0"]
    assert "unreadable step" in lines["0.1"] and "*" not in lines["0.1"]
    assert "answer 42" in lines["0.0.0"]
    assert "answers: 42 x1" in text and "4 nodes, 2 steps deep, 1 failed leaves" in text


def test_a_tree_can_be_cut_by_depth_and_visits(solution):
    shallow = drawn(tree_view(solution.tree, depth=1))
    assert "1 more below" in shallow and "answer 42" not in shallow
    assert "2 of fewer visits" in drawn(tree_view(solution.tree, least_visits=99))


def test_steps_show_words_code_output_and_faults():
    shown = drawn(step_view(Step("code", "Add.", "x = 1\n\nprint(x)"), "1\n2"))
    want = ["  Add.", "  | x = 1", "  |", "  | print(x)", "  > 1", "  > 2"]
    assert [line.rstrip() for line in shown.splitlines()] == want
    assert "not a step: empty step" in drawn(step_view(Step("malformed", fault="empty step")))
    long = drawn(step_view(Step("code", "", "flood()"), "x" * 300_000))
    assert len(long) < 4_000 and "298,000 characters" in long


def test_nothing_a_model_writes_reaches_the_terminal_as_a_command(solution):
    assert printable("a\x1b[31m\ud800\u202e\x00b\n\tc½") == "a\ufffd[31m\ufffd\ufffd\ufffdb\n\tc½"
    assert "\x1b" not in drawn(tree_view(solution.tree))


def test_shortened_text_is_one_line_of_the_width_asked_for():
    assert shortened("a\n b  c", 20) == "a b c"
    assert shortened("x" * 50, 10) == "x" * 7 + "..."
    assert len(shortened("word " * 10**6, 40)) <= 40
