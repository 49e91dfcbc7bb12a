"""The environment in other libraries' training loops. Each module names what it needs and is imported by itself."""
