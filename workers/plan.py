"""The job that plans: for each slot whose moment has come, who has something to hear."""

from service.planning import is_held, plan, plan_now

__all__ = ["is_held", "plan", "plan_now"]
