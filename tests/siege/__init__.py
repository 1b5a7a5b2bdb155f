"""A siege: the real system delivers to a real server while its processes and its database are killed.

`storm` strikes, `targets` and `postgresql` are what is struck, `visitors` use the service meanwhile, `toll`
counts. Used by the short tests of every run and by `make torture`.
"""
