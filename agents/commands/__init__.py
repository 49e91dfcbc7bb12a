"""The commands of `amz`, one a file: a dataclass of options beside the function `run` that takes it."""
