"""The trial-alerts command's groups: one module for what operators do, one for what comes in and out."""

from service.cli_groups import intake, operating

GROUPS = (*operating.GROUPS, *intake.GROUPS)
