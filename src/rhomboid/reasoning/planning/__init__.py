"""Planning: filter first, then choose by exact optimisation, then explain both."""

from .limits import Limits, limits_from_table, limits_to_table
from .plan import LimitsTooTight, PlanItem, PlanOfCare, plan

__all__ = ["Limits", "LimitsTooTight", "PlanItem", "PlanOfCare", "limits_from_table", "limits_to_table", "plan"]
