"""Compares two answers part by part; numbers and expressions by a `Layer`, exact in the caller, numeric in a worker.

The conventions are in docs/grading.md. Where they tell the two sides apart, the reference comes first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from amz_env.grading.membership import same_members
from amz_env.grading.realsets import NotReal, Real, real_set, same_sets
from amz_env.grading.shapes import (
    SET_HEADS,
    all_intervals,
    as_rows,
    assigned_name,
    base_value,
    both_name_a_function,
    bounds,
    difference,
    flattened,
    has_matrix,
    hundredth,
    in_order,
    is_constant,
    is_equation,
    is_letter,
    is_set,
    items_of,
    number_and_unit,
    orders_of_values,
    ratio_parts,
    scaled_matrix,
    turned_round,
)
from amz_env.grading.tree import NeedsSymbolic, Node, symbols


@dataclass(frozen=True, slots=True)
class Layer:
    """How expressions are compared; every function may raise to say that this layer cannot tell.

    Attributes:
        equal: whether two expressions have the same value.
        real: the value of an expression that is a real number.
        ratio: the constant ratio of two expressions, or None.
    """

    equal: Callable[[Node, Node], bool]
    real: Real
    ratio: Callable[[Node, Node], Any]


_ORDERED = frozenset("<>")


def same(gold: Node, pred: Node, layer: Layer) -> bool:
    """Return whether two answers are equal.

    Raises:
        Exception: whatever the layer raises when it cannot tell.
    """
    if gold == pred:
        return True
    gold, pred = _plain_relation(gold, layer), _plain_relation(pred, layer)
    several = gold.head == "set" or (gold.head == "list" and not is_set(gold))
    if several and pred.head == "tuple" and pred.value == "[]":
        pred = Node("list", pred.args, ",")  # as programs print several answers
    if "text" in (gold.head, pred.head):
        return _same_words(gold, pred, layer)
    if gold.head == pred.head == "rel" and (equations := _same_equation(gold, pred, layer)) is not None:
        return equations
    if is_equation(gold) != is_equation(pred) and "rel" not in (gold.head if is_equation(pred) else pred.head):
        return _same_relation(gold, pred, layer)
    if is_set(gold) or is_set(pred):
        return _same_set(gold, pred, layer)
    if gold.head == "rel" or pred.head == "rel":
        return _same_relation(gold, pred, layer)
    if gold.head == "list" or pred.head == "list":
        if "tuple" in (gold.head, pred.head) and (values := in_order(gold, pred)) is not None:
            return same(*values, layer)
        return _same_list(gold, pred, layer)
    return _same_part(gold, pred, layer)


def _same_part(gold: Node, pred: Node, layer: Layer) -> bool:
    """Compare what is neither a set nor a relation nor a list."""
    heads = {gold.head, pred.head}
    if "quantity" in heads:
        return _same_quantity(gold, pred, layer)
    if "time" in heads or "ratio" in heads:
        return _same_ratio(gold, pred, layer)
    if "tuple" in heads or has_matrix(gold) or has_matrix(pred):
        return _same_tuple(gold, pred, layer)
    if "base" in heads:
        return _same_base(gold, pred)
    if is_letter(gold) and is_letter(pred):
        one, other = str(gold.value), str(pred.value)
        return one.upper() == other.upper() if one in "ABCDE" else one == other
    return layer.equal(gold, pred)


def _same_words(gold: Node, pred: Node, layer: Layer) -> bool:
    """Compare words; a short one (``abc``) is compared as the product of its letters with what is an expression."""
    if gold.head == pred.head:
        return bool(gold.value == pred.value)
    word, other = (gold, pred) if gold.head == "text" else (pred, gold)
    return bool(word.args) and same(word.args[0], other, layer)


# Relations


def _plain_relation(node: Node, layer: Layer) -> Node:
    """Return a list without the name that it is stated for: ``x = 1, x = 2`` is the list 1, 2.

    A single equation keeps its name, for another equation may have to be compared with it.
    """
    if node.head == "list":
        names = [assigned_name(item) for item in node.args]
        if names[0] is not None and len({(name or "").partition("_")[0] for name in names}) == 1:
            return Node("list", tuple(item.args[-1] for item in node.args), node.value)
        if names[0] is not None and not any(item.head == "rel" for item in node.args[1:]):
            return Node("list", (node.args[0].args[-1], *node.args[1:]), node.value)
    if (
        node.head == "rel"
        and node.value == ("in",)
        and node.args[0].head == "sym"
        and not _is_real_set(node.args[1], layer)
    ):
        return node.args[1]
    return node


def _is_real_set(node: Node, layer: Layer) -> bool:
    try:
        real_set(node, layer.real)
    except NotReal:
        return False
    return True


def _stated(node: Node, layer: Layer) -> Node | None:
    """Return the value that an equation states for a name or for a constant expression, or None."""
    if not is_equation(node):
        return None
    sides = list(node.args)
    if "~" in node.value:  # sqrt(2) = 1.41...: the side before the approximation is the answer
        sides = sides[: node.value.index("~") + 1]
        if len(sides) == 1:
            return sides[0]
    if assigned_name(Node("rel", (sides[0], sides[-1]), ("=",))) is not None:
        sides = [side for side in sides[1:-1] if side.head != "sym"] + sides[-1:]
        return sides[-1] if all(same(one, sides[-1], layer) for one in sides[:-1]) else None
    if len(sides) == 2 and assigned_name(Node("rel", (sides[1], sides[0]), ("=",))) is not None:
        return sides[0]
    constant = all(is_constant(side) for side in sides)
    return sides[-1] if constant and all(same(one, sides[-1], layer) for one in sides[:-1]) else None


def _same_relation(gold: Node, pred: Node, layer: Layer) -> bool:
    """Compare where exactly one side is a relation: what it states with the other side."""
    one, other = ((_stated(node, layer) if node.head == "rel" else node) for node in (gold, pred))
    return _same_stated(one, other, layer)


def _same_stated(gold: Node | None, pred: Node | None, layer: Layer) -> bool:
    return gold is not None and pred is not None and same(gold, pred, layer)


def _same_equation(gold: Node, pred: Node, layer: Layer) -> bool | None:
    """Compare two relations; None if they are inequalities that should be compared as sets first."""
    if is_equation(gold) != is_equation(pred):
        return False
    if not is_equation(gold):
        return None
    names = assigned_name(gold), assigned_name(pred)
    if None not in names and (names[0] == names[1] or both_name_a_function(*names)):
        return same(gold.args[1], pred.args[1], layer)
    if len(gold.args) != 2 or len(pred.args) != 2 or (is_constant(gold) and is_constant(pred)):
        return _same_stated(_stated(gold, layer), _stated(pred, layer), layer)
    if any(arg.head in ("tuple", "matrix", "text", "list", "set") for node in (gold, pred) for arg in node.args):
        return all(same(one, other, layer) for one, other in zip(gold.args, pred.args, strict=True))
    return layer.ratio(difference(*gold.args), difference(*pred.args)) is not None


# Sets and inequalities


def _same_set(gold: Node, pred: Node, layer: Layer) -> bool:
    try:
        one, name = real_set(_as_set(gold), layer.real)
        other, other_name = real_set(_as_set(pred), layer.real)
    except NotReal:
        checked = _checked_solution(gold, pred, layer)
        return _same_formal_set(gold, pred, layer) if checked is None else checked
    return same_sets(one, other) and (name == other_name or None in (name, other_name))


def _checked_solution(gold: Node, pred: Node, layer: Layer) -> bool | None:
    """Compare an inequality that is not linear with a set of reals; None if the two are anything else."""
    for relation, solution in ((gold, pred), (pred, gold)):
        names = symbols(relation)
        if relation.head != "rel" or len(names) != 1 or not set("".join(relation.value)) <= set("<>=!"):
            continue
        try:
            parts, name = real_set(_as_set(solution), layer.real)
        except NotReal:
            continue
        return name in (None, *names) and same_members(relation, next(iter(names)), parts, layer.real)
    return None


def _as_set(node: Node) -> Node:
    """Return a list or a single value as the set of its items."""
    if node.head in ("tuple", *SET_HEADS) or (node.head == "rel" and not is_equation(node)) or is_set(node):
        return node
    if node.head == "rel":
        raise NotReal
    if node.head == "list" and all_intervals(node.args):
        return reduce(lambda union, part: Node("cup", (union, part)), node.args)
    return Node("set", items_of(node))


def _same_formal_set(gold: Node, pred: Node, layer: Layer) -> bool:
    """Compare what is no set of known reals: sets of tuples, ends that are variables, inequalities in two variables."""
    if gold.head == pred.head == "rel":
        return _same_inequality(gold, pred, layer)
    if {gold.head, pred.head} == {"rel", "tuple"}:  # (a, b) and a < x < b
        return _same_tuple(bounds(gold), bounds(pred), layer)
    if {gold.head, pred.head} <= {"set", "list"}:
        one, other = items_of(gold), items_of(pred)
        return all(_occurs(item, other, layer) for item in one) and all(_occurs(item, one, layer) for item in other)
    if gold.head == pred.head and gold.head in ("cup", "cap"):
        return _same_items(flattened(gold), flattened(pred), layer)
    if gold.head == pred.head == "minus":
        return all(same(one, other, layer) for one, other in zip(gold.args, pred.args, strict=True))
    if gold.head == pred.head == "list":
        return _same_items(gold.args, pred.args, layer)
    if "set" in (gold.head, pred.head) and not {gold.head, pred.head} & {"cup", "cap", "minus", "reals", "rel"}:
        return _same_items(items_of(gold), items_of(pred), layer)
    return False


def _same_inequality(gold: Node, pred: Node, layer: Layer) -> bool:
    if len(gold.args) != len(pred.args) or (is_constant(gold) and is_constant(pred)):
        return False
    if len(gold.args) > 2:
        if gold.value[0][0] != pred.value[0][0]:
            pred = turned_round(pred)
        return gold.value == pred.value and all(
            same(one, other, layer) for one, other in zip(gold.args, pred.args, strict=True)
        )
    if gold.value[0][0] not in _ORDERED or pred.value[0][0] not in _ORDERED:
        return gold.value == pred.value and all(
            same(one, other, layer) for one, other in zip(gold.args, pred.args, strict=True)
        )
    if ("=" in gold.value[0]) != ("=" in pred.value[0]):
        return False
    flipped = gold.value[0][0] != pred.value[0][0]
    ratio = layer.ratio(difference(*gold.args), difference(*(pred.args[::-1] if flipped else pred.args)))
    return ratio is not None and abs(ratio - abs(ratio)) < 1e-20 * abs(ratio)


# Lists, tuples, and what is left


def _occurs(item: Node, items: Sequence[Node], layer: Layer) -> bool:
    return any(same(item, other, layer) for other in items)


def _same_list(gold: Node, pred: Node, layer: Layer) -> bool:
    """Compare two lists: values that only one of them names in order, all else without regard to it."""
    for named, bare in ((gold, pred), (pred, gold)):
        orders = orders_of_values(named)
        if orders and bare.head == "list" and not any(assigned_name(item) for item in bare.args):
            return any(
                len(values) == len(bare.args) and all(map(same, values, bare.args, [layer] * len(values)))
                for values in orders
            )
    return _same_items(items_of(gold), items_of(pred), layer)


def _same_items(gold: Sequence[Node], pred: Sequence[Node], layer: Layer) -> bool:
    """Compare two lists without regard to order; repeated items count."""
    if len(gold) != len(pred):
        return False
    left = list(pred)
    for item in gold:
        found = next((index for index, other in enumerate(left) if same(item, other, layer)), None)
        if found is None:
            return False
        del left[found]
    return True


def _same_tuple(gold: Node, pred: Node, layer: Layer) -> bool:
    gold, pred = scaled_matrix(gold), scaled_matrix(pred)
    gold, pred = as_rows(gold, pred), as_rows(pred, gold)
    if gold.head != pred.head and any(has_matrix(node) and node.head != "matrix" for node in (gold, pred)):
        raise NeedsSymbolic("matrices")  # an expression of matrices
    if gold.head != pred.head or len(gold.args) != len(pred.args):
        return False
    if gold.head == "tuple" and len(gold.args) == 2 and gold.value != pred.value:
        return False  # (1,2) and [1,2] may be intervals
    return all(
        len(one.args) == len(other.args) and all(map(same, one.args, other.args, [layer] * len(one.args)))
        if one.head == other.head == "row"
        else same(one, other, layer)
        for one, other in zip(gold.args, pred.args, strict=True)
    )


def _same_ratio(gold: Node, pred: Node, layer: Layer) -> bool:
    if gold.head == pred.head == "time":
        return bool(gold.value[:3] == pred.value[:3])
    parts = ratio_parts(gold), ratio_parts(pred)
    if len(parts[0]) != len(parts[1]):
        return False
    crossed = ((Node("mul", (a, parts[1][0])), Node("mul", (b, parts[0][0]))) for a, b in zip(*parts, strict=True))
    return all(layer.equal(one, other) for one, other in crossed)


def _same_base(gold: Node, pred: Node) -> bool:
    if gold.head == pred.head == "base":
        value = base_value(gold)
        return value is not None and value == base_value(pred)
    based, other = (gold, pred) if gold.head == "base" else (pred, gold)
    # The subscript may be left out, as a unit may be.
    return other.head == "num" and str(other.value.exact) == str(based.value[0]) and base_value(based) is not None


def _same_units(gold: Sequence[str], pred: Sequence[str]) -> bool:
    """Compare two units; "pounds" may be weight or money."""
    if "pound" in gold or "pound" in pred:
        gold, pred = (["pound" if word in ("lb", "pounds£") else word for word in unit] for unit in (gold, pred))
    return sorted(gold) == sorted(pred)


def _same_quantity(gold: Node, pred: Node, layer: Layer) -> bool:
    (one, first), (other, second) = number_and_unit(gold), number_and_unit(pred)
    if first.words and second.words and first.known and second.known and not _same_units(first.words, second.words):
        return False
    if first.percent == second.percent:
        return same(one, other, layer)
    if first.percent:
        return same(one, other, layer) or same(hundredth(one), other, layer)
    return same(one, other, layer) or same(one, hundredth(other), layer)
