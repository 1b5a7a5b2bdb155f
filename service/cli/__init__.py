"""The trial-alerts command: one module per noun, `main` with the groups around them."""
