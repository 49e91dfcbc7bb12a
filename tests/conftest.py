"""Shared set-up of the tests."""

import os
import signal

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

# A shell lets its background jobs ignore interruptions; the tests that interrupt themselves would wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)
