"""Cryptography: encryption at rest, the address index, link tokens and webhook signatures."""
