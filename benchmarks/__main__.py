"""`python -m benchmarks` lists the measurements; `python -m benchmarks.NAME --help` explains one."""

import pkgutil

import benchmarks


def main() -> None:
    """Print each measurement with the first line of its docstring."""
    for module in sorted(pkgutil.iter_modules(benchmarks.__path__), key=lambda module: module.name):
        if module.name.startswith("_"):
            continue
        source = pkgutil.resolve_name(f"benchmarks.{module.name}")
        print(f"python -m benchmarks.{module.name:14} {(source.__doc__ or '').strip().splitlines()[0]}")


if __name__ == "__main__":
    main()
