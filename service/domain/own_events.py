"""The sources of events that the service makes itself: all others are the ingestor's. Pure."""

from service.domain import canary

#: The `source` of the terms of an imported hierarchy.
CONDITIONS_IMPORT = "trial-alerts/conditions-import"

#: All of them.
OWN_SOURCES = (canary.SOURCE, CONDITIONS_IMPORT)
