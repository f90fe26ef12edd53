"""Redis keeps the cache as JSON: who writes into it can have no code run."""

import pickle

import pytest
from django.core.cache import cache
from django.utils.safestring import mark_safe

from sdgworkshop.cache_serializer import Serializer

SERIALIZER = Serializer({})


@pytest.mark.parametrize(
    ("value", "comes_back"),
    [
        ("ไทย <&>", "ไทย <&>"),
        (mark_safe("<p>ok</p>"), "<p>ok</p>"),
        (7.5, 7.5),
        ([("กรม", "กร.")], [["กรม", "กร."]]),
        ((b"\x1f\x8b\x00page", {"ETag": 'W/"1"'}), [b"\x1f\x8b\x00page", {"ETag": 'W/"1"'}]),
        ({"__bytes__": "x", "other": 1}, {"__bytes__": "x", "other": 1}),
    ],
)
def test_what_is_kept_comes_back(value, comes_back):
    assert SERIALIZER.loads(SERIALIZER.dumps(value)) == comes_back


class Harmful:
    ran = False

    def __reduce__(self):
        return (setattr, (Harmful, "ran", True))


def test_a_pickle_is_not_there_and_runs_nothing():
    planted = pickle.dumps(Harmful())
    assert SERIALIZER.loads(planted) is None
    assert Harmful.ran is False
    pickle.loads(planted)
    assert Harmful.ran is True, "the control: a pickle would have run"


def test_what_is_more_than_text_and_numbers_is_refused_where_it_is_written():
    with pytest.raises(TypeError):
        SERIALIZER.dumps(Harmful())


@pytest.mark.django_db
def test_what_the_portal_keeps_for_all_hosts_has_a_form_in_json(client, monkeypatch):
    written = []
    genuine = type(cache._connections[cache._alias]).set

    def set_(self, key, value, *args, **kwargs):
        written.append(SERIALIZER.dumps(value))
        return genuine(self, key, value, *args, **kwargs)

    monkeypatch.setattr(type(cache._connections[cache._alias]), "set", set_)
    assert client.get("/").status_code == 200
    assert written != []
