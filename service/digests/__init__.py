"""Digests: plans them for due slots, and builds their content. Used by workers, actions and pages."""
