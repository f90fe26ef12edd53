"""The programme in Django admin, a module a job; Django finds here what `workshops` registers."""

from sessions.admin import workshops

__all__ = ["workshops"]
