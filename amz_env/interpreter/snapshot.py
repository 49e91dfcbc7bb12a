"""The handle of a state."""

from dataclasses import dataclass

from amz_env.interpreter.plain import PlainState


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Snapshot:
    """The state that code has left behind, as an opaque handle: continue it as often as you like.

    A snapshot means "run these pieces of code, in this order, in a fresh state". That a paused process holds the
    outcome is a saving, and when it is gone the code is run again.
    """

    parent: "Snapshot | None"
    code: str
    key: int
    seed: int
    digest: bytes
    changes: bool
    plain: PlainState | None

    def __repr__(self) -> str:
        return f"<Snapshot {self.key}>"

    def path(self) -> list[str]:
        """Return the pieces of code that lead to this state, first to last."""
        codes = []
        snapshot: Snapshot | None = self
        while snapshot is not None and snapshot.parent is not None:
            codes.append(snapshot.code)
            snapshot = snapshot.parent
        return codes[::-1]
