"""The settings, read once from the environment: how each is parsed, and what a wrong one is told."""
