import pytest

from agents.commands.specs import AgentSpec, build, named, parse_specs
from tests.fakes import ScriptedEngine, by_depth


@pytest.mark.parametrize(
    "words",
    [
        ["greedy,sbs:beams=3,width=4,mcts:simulations=20"],
        ["greedy", "sbs:beams=3,width=4", "mcts:simulations=20"],
        ["greedy, sbs:beams=3,width=4 ,", "mcts:simulations=20"],
        ["greedy,sbs,beams=3,width=4,mcts,simulations=20"],
    ],
)
def test_commas_and_spaces_say_the_same(words):
    wanted = [AgentSpec("greedy"), AgentSpec("sbs", {"beams": 3, "width": 4}), AgentSpec("mcts", {"simulations": 20})]
    assert parse_specs(words) == wanted


def test_a_name_tells_every_option_that_is_not_usual():
    names = [
        "mcts:simulations=8,width=10,c_puct=3,leaves=4,temperature=1",
        "sbs:beams=3,temperature=0.5",
        "greedy",
        "mcts",
    ]
    assert list(named(parse_specs(names))) == [
        "MCTS(8),width=10,c_puct=3,leaves=4,T=1",
        "SBS(3,5),T=0.5",
        "greedy",
        "MCTS(40)",
    ]


def test_a_spec_reads_as_it_is_written():
    text = "mcts:simulations=20,c_puct=1.5,label=mine"
    (spec,) = parse_specs([text])
    assert spec.options == {"simulations": 20, "c_puct": 1.5, "label": "mine"}
    assert str(spec) == text and parse_specs([str(spec)]) == [spec]


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("beams=3", "stands without its agent"),
        ("sbs:beams", "expected option=value, got 'beams'"),
        ("sbs:beams=", "expected option=value"),
        ("sbs:beams=2,beams=3", "given twice"),
        ("sbs:beams=2.5", "must be a whole number"),
        ("greedy:n=3", "has no option 'n'"),
        ("Greedy", "did you mean 'greedy'"),
        (",", "no agent given"),
    ],
)
def test_what_cannot_be_read_says_why(word, message):
    with pytest.raises(ValueError, match=message):
        parse_specs([word])


def test_agents_of_one_name_are_told_apart():
    agents = named(parse_specs(["mcts", "mcts:c_puct=2.0", "mcts:c_puct=3.0,label=bold"]))
    assert list(agents) == ["MCTS(40)", "MCTS(40),c_puct=2", "bold"]
    engine = ScriptedEngine(by_depth())
    assert [build(spec, engine).name for spec in agents.values()] == list(agents)


def test_a_temperature_that_is_not_usual_is_in_the_name():
    words = ["majority:n=16", "majority:n=16,temperature=1", "mcts:temperature=0.6"]
    assert list(named(parse_specs(words))) == ["maj@16", "maj@16,T=1", "MCTS(40)"]


def test_one_label_for_two_agents_is_an_error():
    with pytest.raises(ValueError, match="two agents are called 'x'"):
        named(parse_specs(["greedy:label=x", "sbs:label=x"]))


@pytest.mark.parametrize("word", ["mcts:simulations=0", "sbs:beams=-1", "majority:temperature=nan"])
def test_an_option_out_of_range_is_an_error(word):
    with pytest.raises(ValueError, match="must be"):
        named(parse_specs([word]))
    with pytest.raises(ValueError, match="must be"):
        build(*parse_specs([word]), ScriptedEngine(by_depth()))
