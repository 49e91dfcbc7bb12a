"""The output of a step in the style of the AlphaMath authors' tool, for models that were trained on it.

Each top-level statement that prints shows its output; when there are several, each after the source of what it prints.
A last expression shows its value. A lone number is rounded to 4 decimals, and an exception hides all other output.
Unlike theirs, it does not run the last statement twice when it fails.
"""

import ast
import contextlib
import io
import re
from typing import Any

_LONGEST = 500
_DECIMALS = 4


def evaluate(code: str, namespace: dict[str, Any]) -> str:
    """Run `code`; return what there is to show. Exceptions of the code pass through."""
    code = re.sub(r"^(\s|`)*(?i:python)?\s*", "", code)
    code = re.sub(r"(\s|`)*$", "", code)
    body = ast.parse(code, "<unknown>").body
    ends = [index for index, node in enumerate(body) if _prints(node)]
    if len(ends) < 2:
        return _run(body, namespace)
    shown = []
    for start, end in zip([0, *(end + 1 for end in ends)], ends, strict=False):
        label = " ".join(re.findall(r"print\((.*?)\)", ast.get_source_segment(code, body[end]) or ""))
        shown.append(f"{label}: {_run(body[start : end + 1], namespace)}" if label else "")
    return "".join(shown)


def _prints(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        call = node.value
        return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"
    if isinstance(node, (ast.If, ast.While, ast.For, ast.FunctionDef)):
        return any(map(_prints, node.body))
    return False


def _run(body: list[ast.stmt], namespace: dict[str, Any]) -> str:
    """Run `body`; return the value of its last statement, or what that has printed."""
    if not body:
        return ""
    *first, last = body
    exec(compile(ast.Module(first, []), "<string>", "exec"), namespace)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        value = None
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "<string>", "eval"), namespace)
        else:
            exec(compile(ast.Module([last], []), "<string>", "exec"), namespace)
    return _shorten(printed.getvalue() if value is None else value)


def _shorten(value: object) -> str:
    text = str(value)
    if isinstance(value, str):
        with contextlib.suppress(ValueError, OverflowError):
            rounded = f"{round(float(text), _DECIMALS)}\n"
            text = text if len(text) < len(rounded) else rounded
    if len(text) > _LONGEST:
        return text[: _LONGEST // 2] + "..." + text[-_LONGEST // 2 :]
    return text
