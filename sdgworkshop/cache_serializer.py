"""What lies in Redis' cache: JSON, and nothing that could run. Whoever writes into that Redis can show wrong pages, and no more."""

import json
from base64 import b64decode, b64encode
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django_redis.serializers.base import BaseSerializer

#: What JSON has no form for is kept under this one name; no value of ours is a mapping with it alone.
_BYTES = "__bytes__"


class Serializer(BaseSerializer):
    """Numbers, texts, lists, mappings and bytes; anything else is refused where it is written. What is none of these is not there."""

    def dumps(self, value: Any) -> bytes:
        return json.dumps(value, cls=_Encoder, ensure_ascii=False).encode()

    def loads(self, value: bytes) -> Any:
        try:
            return json.loads(value, object_hook=_bytes_again)
        except ValueError:
            return None


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        return {_BYTES: b64encode(o).decode()} if isinstance(o, bytes) else super().default(o)


def _bytes_again(mapping: dict[str, Any]) -> Any:
    return b64decode(mapping[_BYTES]) if mapping.keys() == {_BYTES} else mapping
