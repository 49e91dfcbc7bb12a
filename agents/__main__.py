"""`python -m agents` is `amz`."""

from agents.cli import main

if __name__ == "__main__":
    main()
