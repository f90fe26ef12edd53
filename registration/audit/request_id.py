"""The number of the request that is being answered, the same in the logs and in the audit trail. Logs are set up before models are."""

from contextvars import ContextVar

#: Empty outside of a request.
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
