"""Which cells of places by groups are not told, so that none under five can be had from the others, on any day. Pure.

A table with its totals is a flow: out of one node into the places, on into the groups, together again, and back. A cell is an arc of it,
and what goes into a node comes out again: that is all that a reader can reckon with. So a hidden number is safe where it could be another
one without any told number changing: where hidden arcs lead round from its end to its begin. The sum of some hidden numbers is known
where they are all that is hidden between some nodes and the others, and lead the same way: such a sum is five at least, which a flow
from begin to end of each small cell tells (the smallest cut between two nodes is the largest flow).
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence

from registration.evaluation.suppression import SMALLEST

#: A place and a group; ALL for a total.
Key = tuple[str, str]
#: A number for each day.
Counts = Mapping[Key, Sequence[int]]
#: The same of what was published before; None where it was hidden, or that day was not there.
Told = Mapping[Key, Sequence[int | None]]
Node = tuple[str, str]

ALL = "*"
_SOURCE, _SINK = ("all", "places"), ("all", "groups")


def hidden(counts: Counts, before: Iterable[Told] = ()) -> set[Key]:
    """Of `counts` (cells with every total) those to hide on all days: what is small on one of them, and as many more as keep it safe.

    A number that differs by fewer than five from one that was told `before` is as small as the difference; what was hidden stays so.
    Where nothing else helps, everything is hidden.
    """
    there = {key: values for key, values in counts.items() if any(values)}
    changed = {key for told in before for key, values in told.items() if key in there and _is_near(values, there[key])}
    small = {key for key, values in there.items() if any(0 < n < SMALLEST for n in values)}
    tables = [_Day({key: values[day] for key, values in there.items()}, changed) for day in range(len(next(iter(counts.values()), ())))]
    found: set[Key] = set()
    more = small | changed
    while more:
        for table in tables:
            table.hide(more)
        found |= more
        exposed = next(((table, cut) for table in tables for key in sorted(small | changed) if (cut := table.cut(key))), None)
        if exposed is None:
            return found
        table, cut = exposed
        candidates = table.across(cut)
        if not candidates:
            return set(there)
        numbers = table.numbers
        more = {min(candidates, key=lambda key: (key == (ALL, ALL), numbers[key], key))}
    return found


def _is_near(before: Sequence[int | None], now: Sequence[int]) -> bool:
    return any(old is None or 0 < abs(old - new) < SMALLEST for old, new in zip(before, now, strict=True))


def ends(key: Key) -> tuple[Node, Node]:
    place, group = key
    if key == (ALL, ALL):
        return _SINK, _SOURCE
    if group == ALL:
        return _SOURCE, ("place", place)
    return ("place", place) if place != ALL else ("group", group), ("group", group) if place != ALL else _SINK


class _Day:
    """The numbers of one day, and which of them are hidden by now."""

    def __init__(self, numbers: Mapping[Key, int], changed: set[Key]) -> None:
        self.numbers, self._changed = numbers, changed
        self._hidden: dict[Node, set[Key]] = defaultdict(set)
        self._told = set(numbers)

    def hide(self, keys: set[Key]) -> None:
        for key in keys:
            for node in ends(key):
                self._hidden[node].add(key)
        self._told -= keys

    def cut(self, key: Key) -> set[Node]:
        """Nodes round which the number of `key`, or a sum under five that it is part of, follows; empty where it is safe."""
        number, (begin, end) = self.numbers[key], ends(key)
        if not (0 < number < SMALLEST or (number and key in self._changed)):
            return set()
        if number < SMALLEST and (few := self._few_together(begin, end)):
            return few
        grown = self._reached(end, begin, key)
        if begin in grown or (number > 1 and end in self._reached(begin, end, key)):
            return set()
        return grown

    def _reached(self, start: Node, goal: Node, without: Key) -> set[Node]:
        """Where one more can be passed on to: a hidden number may always grow, and shrink where it is above 1."""
        reached, to_do = {start}, [start]
        while to_do and goal not in reached:
            node = to_do.pop()
            for key in self._hidden[node]:
                begin, end = ends(key)
                other = end if begin == node else begin
                if key != without and other not in reached and (begin == node or self.numbers[key] > 1):
                    reached.add(other)
                    to_do.append(other)
        return reached

    def _few_together(self, begin: Node, end: Node) -> set[Node]:
        """Nodes out of which only hidden numbers lead that make less than five, `begin` among them and `end` not; empty where none are.

        An arc carries its number forth, and whatever is wanted back: a number that leads in keeps the sum from being known.
        """
        left, carried = {key: self.numbers[key] for node in self._hidden for key in self._hidden[node]}, 0
        while carried < SMALLEST:
            way = self._way(begin, end, left)
            if end not in way:
                return set(way)
            path: list[tuple[Key, bool]] = []
            node = end
            while step := way[node]:
                node, key, is_forth = step
                path.append((key, is_forth))
            most = min([left[key] for key, is_forth in path if is_forth], default=SMALLEST)
            for key, is_forth in path:
                left[key] += -most if is_forth else most
            carried += most
        return set()

    def _way(self, begin: Node, end: Node, left: Mapping[Key, int]) -> dict[Node, tuple[Node, Key, bool] | None]:
        """Each node that is reached, with the one before it and the arc between them."""
        way: dict[Node, tuple[Node, Key, bool] | None] = {begin: None}
        to_do = deque([begin])
        while to_do and end not in way:
            node = to_do.popleft()
            for key in self._hidden[node]:
                start, goal = ends(key)
                is_forth = start == node
                other = goal if is_forth else start
                if other not in way and (not is_forth or left[key]):
                    way[other] = (node, key, is_forth)
                    to_do.append(other)
        return way

    def across(self, cut: set[Node]) -> list[Key]:
        """Told cells that lead out of `cut` and are large enough to take part."""
        return [key for key in self._told if self.numbers[key] >= SMALLEST and (ends(key)[0] in cut) != (ends(key)[1] in cut)]
