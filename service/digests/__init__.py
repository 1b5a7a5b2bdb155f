"""Digests, between the store and the shells: who is told at a slot's moment, and what each digest says."""
