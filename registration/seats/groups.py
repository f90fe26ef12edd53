"""Which stakeholder groups belong to which place (`Quota.group_scope`)."""

from registration.models import Quota
from sessions.models import StakeholderGroup


def groups_of(quota: Quota) -> list[StakeholderGroup]:
    return [group for group in quota.workshop.groups.all() if group.scope == quota.group_scope]
