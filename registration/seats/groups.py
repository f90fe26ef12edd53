"""Which stakeholder groups belong to which place (brief, §4.1 and §4.2)."""

from registration.models import Quota
from sessions.models import StakeholderGroup


def groups_of(quota: Quota) -> list[StakeholderGroup]:
    """The groups of the people who come from there: a province's nine, or those of the central agencies."""
    scope = StakeholderGroup.Scope.PROVINCE if quota.province_id else StakeholderGroup.Scope.CENTRAL
    return [group for group in quota.workshop.groups.all() if group.scope == scope]
