"""Questions about the shape of an answer, and other readings of the same shape. Compares nothing."""

from amz_env.grading.names import TRIGONOMETRIC, Unit
from amz_env.grading.tree import Node, integer, symbols

SET_HEADS = frozenset(["set", "cup", "cap", "minus", "reals"])


def is_letter(node: Node) -> bool:
    """Return whether an answer is one letter."""
    return node.head in ("sym", "const") and len(node.value) == 1


def is_equation(node: Node) -> bool:
    """Return whether an answer is a relation of ``=`` and approximation signs only."""
    return node.head == "rel" and set(node.value) <= {"=", "~"}


def assigned_name(node: Node) -> str | None:
    """Return the name on the left of an equation with two sides, if there is only a name."""
    if node.head == "rel" and node.value == ("=",):
        left = node.args[0]
        if left.head in ("sym", "tuple"):
            return str(left.value) if left.head == "sym" else str(left)
        if left.head == "const" and left.value in ("e", "i"):
            return str(left.value)
        if left.head == "mul" and len(left.args) == 2 and all(arg.head == "sym" for arg in left.args):
            return f"{left.args[0].value}({left.args[1].value})"  # f(x), read as a product
        if left.head == "fn" and left.value == "abs" and not any(part.head == "num" for part in (left, *left.args)):
            return "|" + ",".join(sorted(symbols(left))) + "|"
        if left.head == "fn" and left.value in TRIGONOMETRIC and left.args[0].head == "sym":
            return f"{left.value}({left.args[0].value})"
    return None


def both_name_a_function(one: str | None, other: str | None) -> bool:
    """Return whether two left sides name a function of x in the two usual ways, ``y`` and ``f(x)``."""
    names = {str(one), str(other)}
    return "y" in names and any(len(name) == 4 and name.endswith("(x)") for name in names)


def is_constant(node: Node) -> bool:
    """Return whether an expression holds no variable."""
    return node.head != "sym" and all(is_constant(arg) for arg in node.args)


def difference(left: Node, right: Node) -> Node:
    """Return left minus right, without units."""
    left, right = (node.args[0] if node.head == "quantity" else node for node in (left, right))
    return Node("add", (left, Node("neg", (right,))))


def flattened(node: Node) -> tuple[Node, ...]:
    """Return the parts of nested unions (or intersections)."""
    return tuple(part for arg in node.args for part in (flattened(arg) if arg.head == node.head else (arg,)))


def turned_round(node: Node) -> Node:
    """Return a chain of inequalities read from right to left."""
    turned = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
    return Node("rel", node.args[::-1], tuple(turned.get(sign, sign) for sign in node.value[::-1]))


def all_intervals(items: tuple[Node, ...]) -> bool:
    """Return whether all items are intervals: pairs in brackets, one of them with an end that no point has."""
    pairs = all(item.head == "tuple" and len(item.args) == 2 for item in items)
    return pairs and any(item.value in ("(]", "[)") or "oo" in (_end(arg) for arg in item.args) for item in items)


def _end(node: Node) -> object:
    return node.args[0].value if node.head == "neg" else node.value


def bounds(node: Node) -> Node:
    """Return a chain of inequalities about one variable (``a < x <= b``) as an interval; anything else as it is."""
    if node.head != "rel" or len(node.args) != 3 or node.args[1].head != "sym":
        return node
    rising = turned_round(node) if ">" in node.value[0] else node
    if not set(rising.value) <= {"<", "<="}:
        return node
    low, high = ("=" in sign for sign in rising.value)
    return Node("tuple", (rising.args[0], rising.args[2]), ("[" if low else "(") + ("]" if high else ")"))


def items_of(node: Node) -> tuple[Node, ...]:
    """Return the items of a list or set; anything else is one item."""
    return node.args if node.head in ("list", "set") else (node,)


def has_matrix(node: Node) -> bool:
    """Return whether an expression holds a matrix outside a determinant."""
    return node.head == "matrix" or (node.value != "det" and any(has_matrix(arg) for arg in node.args))


def scaled_matrix(node: Node) -> Node:
    """Return a number times a matrix as the matrix of the products."""
    if node.head not in ("mul", "neg"):
        return node
    inner = [index for index, arg in enumerate(node.args) if arg.head == "matrix"]
    if len(inner) != 1 or sum(has_matrix(arg) for arg in node.args) != 1:
        return node
    at, rows = inner[0], node.args[inner[0]].args
    return Node(
        "matrix",
        tuple(
            Node("row", tuple(Node(node.head, (*node.args[:at], cell, *node.args[at + 1 :])) for cell in row.args))
            for row in rows
        ),
    )


def as_rows(node: Node, other: Node) -> Node:
    """Return nested lists as the matrix that they spell, and a column as a tuple, where the other side is one."""
    if node.head == "tuple" and other.head == "matrix":
        if all(arg.head == "tuple" for arg in node.args):
            return Node("matrix", tuple(Node("row", arg.args) for arg in node.args))
        if all(len(row.args) == 1 for row in other.args):
            return Node("matrix", tuple(Node("row", (arg,)) for arg in node.args))
        if len(other.args) == 1:
            return Node("matrix", (Node("row", node.args),))
    return node


def ratio_parts(node: Node) -> tuple[Node, ...]:
    """Return the terms of a ratio; a number is a ratio to one."""
    if node.head == "time":
        return tuple(integer(part) for part in node.value[:2])
    parts = node.args if node.head == "ratio" else (node, integer(1))
    return tuple(number_and_unit(part)[0] for part in parts)


def base_value(node: Node) -> int | None:
    """Return the value of a literal with a base, or None if its digits do not fit."""
    digits, base = node.value
    try:
        return int(digits, base)
    except ValueError:
        return None


def number_and_unit(node: Node) -> tuple[Node, Unit]:
    """Return a quantity apart from its unit."""
    return (node.args[0], node.value) if node.head == "quantity" else (node, Unit())


def hundredth(node: Node) -> Node:
    """Return an expression divided by 100."""
    return Node("mul", (node, Node("inv", (integer(100),))))


def in_order(gold: Node, pred: Node) -> tuple[Node, Node] | None:
    """Return both sides as tuples where one is a tuple and the other, a list, has an order too.

    A list has one if it names its parts (``x = 1, y = 2``) or if the tuple is a list as programs print it
    (``[1, 2, 3]``; of two items it may be an interval).
    """
    printed = any(node.head == "tuple" and node.value == "[]" and len(node.args) > 2 for node in (gold, pred))
    sides = []
    for node in (gold, pred):
        if node.head == "list":
            names = _names(node)
            if names:
                named = list(zip(names, node.args, strict=True))
                if _are_letters(names):  # x and y, in whatever order they are given
                    named.sort(key=lambda each: each[0])
                node = Node("tuple", tuple(item.args[-1] for _, item in named), "()")
            elif printed:
                node = Node("tuple", node.args, "[]")
            else:
                return None
        sides.append(node)
    return sides[0], sides[1]


def orders_of_values(node: Node) -> list[tuple[Node, ...]]:
    """Return the values of ``x = 5, y = 3``: as written, and as their letters follow in the alphabet; [] if not so.

    The values of ``x_1 = 5, x_2 = 3`` have no order: they are solutions of one equation.
    """
    names = _names(node)
    if not names or not _are_letters(names):
        return []
    written = [(name, item.args[-1]) for name, item in zip(names, node.args, strict=True)]
    return [tuple(value for _, value in named) for named in (written, sorted(written, key=lambda each: each[0]))]


def _names(node: Node) -> list[str]:
    """Return what the parts of a list are named, [] unless all have names of their own."""
    names = [name for item in node.args if (name := assigned_name(item)) is not None]
    return names if len(set(names)) == len(node.args) else []


def _are_letters(names: list[str]) -> bool:
    return all(len(name) == 1 for name in names)


def is_set(node: Node) -> bool:
    """Return whether an answer is a set, an inequality, or a list of inequalities."""
    if node.head == "list":
        return bool(node.args) and all(is_set(arg) and arg.head == "rel" for arg in node.args)
    return node.head in SET_HEADS or (node.head == "rel" and not is_equation(node))
