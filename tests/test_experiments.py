"""The experiments' variants of the search do what they say, and their report what is on disk."""

import asyncio
import json
from pathlib import Path

import pytest

from agents import label
from agents.commands.specs import parse_specs
from agents.search.mcts import mcts, select
from agents.search.search import Search
from agents.search.tree import Node, Tree
from amz_env import State, answer_action, code_action
from amz_env.interpreter import shared_interpreter
from benchmarks._experiments_report import Place, write_report
from benchmarks._runs import TEST, TRANSFER
from benchmarks._variants import SplitEngine, mcts_variant
from benchmarks.experiments import BASE, EXPERIMENTS, TREES, ExperimentsConfig, Variant, _run_of, share_trees
from tests.fakes import Option, ScriptedEngine, by_depth, judging
from tests.test_findings import write_seed

POLICY = by_depth(
    [Option(code_action("Likely.", "print(1)"), -0.1), Option(code_action("Rare.", "print(2)"), -400.0)],
    [Option(answer_action("So.", str(n)), -0.5 - n) for n in range(4)],
)


def grown(search_by: object = mcts_variant, *, simulations: int = 12, **options: float) -> Node:
    root = Node(State("What is 1 + 1?"))
    engine = ScriptedEngine(POLICY, lambda state: 0.5 / (1 + len(state.steps)), draw="listed")
    search = Search(engine, shared_interpreter(), temperature=1.0, seed=7, judge=judging(lambda answer: answer == "2"))
    asyncio.run(search_by(search, root, simulations=simulations, width=4, c_puct=1.25, **options))  # type: ignore[operator]
    Tree(root).check()
    return root


def shape(root: Node) -> list[tuple[str, int, float]]:
    return [(node.tag, node.visits, node.value_sum) for node in root.walk()]


def test_without_options_it_is_the_search_that_ships() -> None:
    assert shape(grown()) == shape(grown(mcts))


def test_what_the_options_change() -> None:
    half = grown(reward_weight=0.5)
    leaf = next(node for node in half.walk() if node.answered)
    assert leaf.reward == -1.0 and leaf.value is not None
    assert leaf.q == pytest.approx(0.5 * leaf.value + 0.5 * leaf.reward)

    known = grown(children=1, simulations=1)
    assert [(child.visits, child.q) for child in known.children] == [(2, 0.25), (2, 0.25)]  # each proposed twice
    assert (known.visits, known.value_sum) == (5, 0.5 + 4 * 0.25)
    again = grown(children=1, simulations=2)
    opened = next(child for child in again.children if child.expanded)
    assert opened.visits == opened.copies + len(opened.children)  # its own value counts once a proposal

    likely, rare = (opened := grown(simulations=1)).children
    assert likely.prior > 0.9 and rare.prior < 0.1
    likely.backup(0.0)  # once visited, and worth as much as unvisited
    assert select(opened, 1.25) is likely
    alike, other = (opened := grown(simulations=1, prior=0)).children
    alike.backup(0.0)
    assert select(opened, 1.25) is other


def test_a_split_engine_takes_steps_from_one_model_and_values_from_the_other() -> None:
    policy, value = ScriptedEngine(POLICY, lambda _: 0.1), ScriptedEngine(POLICY, lambda _: -0.7)
    engine, state = SplitEngine(policy, value), State("What is 1 + 1?")
    expansion = asyncio.run(engine.expand(state, 2, temperature=1.0, seed=0))
    alone = asyncio.run(policy.expand(state, 2, temperature=1.0, seed=0))
    assert expansion.proposals == alone.proposals and expansion.value == -0.7
    assert asyncio.run(engine.value(state)).value == -0.7
    assert [call.kind for call in value.calls] == ["value", "value"]


def test_every_variant_is_a_run_that_can_be_made() -> None:
    config = ExperimentsConfig()
    for experiment in EXPERIMENTS.values():
        assert all(label(spec.name, **spec.options) for spec in parse_specs(experiment.agents))
        folders = [variant.folder for variant in experiment.variants.values()]
        assert len(set(folders)) == len(folders) and "/" not in "".join(folders)
        for variant in experiment.variants.values():
            run = _run_of(config, variant.train, variant.folder, 1)
            assert run.run_dir == Path("runs/experiments/runs") / variant.folder / "seed-1"
    assert _run_of(config, {"training.beta": 2.0, "c_puct": 3.0}, "x", 0).training.beta == 2.0
    assert Variant({"problems": ("a", "b")}, {"prior": 0}).folder == "problems=a+b,prior=0"


def test_variants_that_only_train_in_another_way_share_the_trees_of_round_1(tmp_path: Path) -> None:
    config = ExperimentsConfig(run_dir=tmp_path)
    grown = _run_of(config, BASE.train, BASE.folder, 1).run_dir / TREES
    grown.parent.mkdir(parents=True)
    grown.write_text("{}\n")
    shared = {}
    for name, experiment in EXPERIMENTS.items():
        for variant in list(experiment.variants.values())[1:]:
            folder = _run_of(config, variant.train, variant.folder, 1).run_dir
            share_trees(config, variant, folder)
            shared.setdefault(name, set()).add((folder / TREES).exists())
    alike = {"beta", "heads", "restart", "late-wrong", "value-target", "likelihood"}
    assert {name for name, found in shared.items() if found == {True}} == alike
    assert all(found == {False} for name, found in shared.items() if name not in alike)

    begun = _run_of(config, {"training.beta": 0.1}, "training.beta=0.1", 1).run_dir / TREES
    begun.write_text("")
    share_trees(config, Variant({"training.beta": 0.1}), begun.parent.parent)
    assert begun.read_text() == ""


def test_a_report_compares_with_the_first_variant_and_says_what_is_significant(tmp_path: Path) -> None:
    base = {(s, k): {"greedy": 5, "SBS(1,5)": 9} for s in (TEST, TRANSFER) for k in (1, 2)}
    better = base | {(TEST, 2): {"greedy": 12, "SBS(1,5)": 9}, (TRANSFER, 2): {"greedy": 5, "SBS(1,5)": 3}}
    for seed in ("seed-0", "seed-1"):
        write_seed(tmp_path / "paper" / seed, base)
        write_seed(tmp_path / "other" / seed, better)
    write_seed(tmp_path / "other" / "seed-2", {(TEST, 1): {"greedy": 1}})  # under way: it does not count
    agents = ("greedy", "SBS(1,5)")
    places = [Place(name, tmp_path / name, 2, agents) for name in ("paper", "other")]
    text = write_report(tmp_path, "toy", "Is it better?", places)
    found = json.loads((tmp_path / "toy.json").read_text())
    assert found["seeds"] == {"paper": ["seed-0", "seed-1"], "other": ["seed-0", "seed-1"]}
    other = found["figures"]["other"]
    assert other["test/greedy"]["mean"] == 60.0 and other["test/greedy, gain"]["mean"] == 35.0
    assert other["test/SBS(1,5) over greedy"]["mean"] == -15.0
    assert found["figures"]["paper"]["value/pair_accuracy"]["mean"] == pytest.approx(0.8)
    assert other["value/pair_accuracy, gain"]["values"] == [0.0, 0.0]
    assert "value/pair_accuracy, gain" not in found["figures"]["paper"]
    assert "- other: test/greedy, gain: +35.0 [+19.8, +50.2]" in text  # by its problems, as the seeds agree
    assert "mini-gaokao/greedy, gain: +" not in text
    assert "- other: SBS(1,5) falls below greedy on mini-gaokao: -10.0" in text
    assert "- paper: SBS(1,5) falls" not in text
    assert other["test/greedy over round 1"]["mean"] == 35.0
    assert other["test/SBS(1,5), round 1 over greedy"]["mean"] == 20.0
    assert (tmp_path / "toy.png").stat().st_size > 10_000 and (tmp_path / "toy-q.png").exists()
    with pytest.raises(ValueError, match="no seed of 'third' is done"):
        write_report(tmp_path, "toy", "?", [*places, Place("third", tmp_path / "third", 2, agents)])
