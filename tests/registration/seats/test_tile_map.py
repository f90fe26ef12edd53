import pytest
from django.utils import translation

from registration.models import Province, Quota
from registration.seats import tile_map
from registration.seats.tile_map import POSITIONS, level, map_of

#: Real neighbours, from all over the country, and in which direction the second lies from the first.
NEIGHBOURS = [
    ("57", "56", "south"), ("50", "58", "west"), ("42", "39", "east"), ("30", "31", "east"), ("33", "34", "east"),
    ("18", "72", "south"), ("12", "10", "east"), ("10", "11", "south"), ("24", "20", "south"), ("22", "23", "south"),
    ("76", "77", "south"), ("86", "85", "west"), ("82", "83", "south"), ("90", "94", "east"), ("95", "96", "east"),
]  # fmt: skip
STEPS = {"south": (0, 1), "east": (1, 0), "west": (-1, 0)}


@pytest.mark.django_db
def test_every_province_has_a_place_of_its_own():
    assert sorted(POSITIONS) == sorted(Province.objects.values_list("code", flat=True))
    assert len(set(POSITIONS.values())) == 77


@pytest.mark.parametrize(("code", "neighbour", "direction"), NEIGHBOURS)
def test_neighbours_lie_beside_each_other(code, neighbour, direction):
    (column, row), (right, down) = POSITIONS[code], STEPS[direction]
    assert POSITIONS[neighbour] == (column + right, row + down)


@pytest.mark.parametrize(
    ("taken", "capacity", "expected"),
    [(0, 25, 0), (12, 25, 0), (13, 25, 1), (19, 25, 1), (20, 25, 2), (24, 25, 2), (25, 25, 3), (0, 0, 3), (900, None, 0)],
)
def test_a_tile_is_as_full_as_its_quota(taken, capacity, expected):
    assert level(Quota(taken=taken, capacity=capacity)) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "name"), [("th", "name_th"), ("en", "name_en")])
def test_a_divided_name_is_still_the_whole_name(language, name):
    shorter = {"en": {"14"}, "th": set()}[language]
    provinces = {province.code: getattr(province, name) for province in Province.objects.exclude(code__in=shorter)}
    shown = {code: text for code, text in tile_map.ON_TILES[language].items() if code not in shorter}
    with translation.override(language):
        assert {code: text.replace("|", "").replace(" ", "") for code, text in shown.items()} == {
            code: provinces[code].replace(" ", "") for code in shown
        }


@pytest.mark.django_db
def test_tiles_come_in_the_order_in_which_one_reads_a_map():
    quotas = [Quota(province=province, capacity=25) for province in Province.objects.all()]
    order = [tile.quota.code for tile in map_of([*quotas, Quota(kind="central", capacity=50)])]
    assert order[:5] == ["57", "58", "50", "56", "55"]
    assert order[-2:] == ["95", "96"]
    assert len(order) == 77
