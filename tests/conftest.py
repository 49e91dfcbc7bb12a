"""Shared set-up of the tests."""

import os
import signal

import hypothesis

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

# A shell lets its background jobs ignore interruptions; the tests that interrupt themselves would wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples in every run, so that a change fails for what it changed; new ones: `--hypothesis-profile=search`.
hypothesis.settings.register_profile("suite", derandomize=True, deadline=None)
hypothesis.settings.register_profile("search", max_examples=5000, deadline=None)
hypothesis.settings.load_profile("suite")
