"""A siege: the real system delivers to a real server while its processes and its database are killed, or
live and answer no: read-only, full, out of connections, without rights, hanging.

`storm` strikes, `targets` and `postgresql` are what is struck, `visitors` use the service meanwhile, `toll`
counts. Used by the short tests of every run and by `make torture`.
"""
