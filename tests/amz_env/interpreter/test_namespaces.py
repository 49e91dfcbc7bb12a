"""Where the root of the confined world is put together."""

import pytest

from amz_env.interpreter.server.namespaces import base_for


def test_the_new_root_does_not_cover_what_it_is_to_hold() -> None:
    # An environment below /tmp was once hidden by the very folder that the new root was built in.
    assert base_for(["/usr/lib"]) == "/tmp"
    assert base_for(["/usr/lib", "/tmp/clone/.venv/lib/python3/site-packages/sympy"]) != "/tmp"


def test_no_free_folder_is_an_error() -> None:
    everywhere = [f"{base}/x" for base in ("/tmp", "/mnt", "/media", "/srv", "/run", "/opt", "/home")]
    with pytest.raises(OSError, match="no folder among"):
        base_for(everywhere)
