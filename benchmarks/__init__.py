"""The measurements this project stands on; each module prints its own comparison in one run."""
