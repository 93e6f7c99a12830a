"""Which objects of two people are the same: one to one, with the greatest sum of mask IoUs."""

from collections.abc import Iterable, Iterator

import numpy as np

from .instances import Overlap

LEAST_IOU = 0.5  # what overlaps less is not taken for the same object


def match(overlaps: Iterable[Overlap]) -> list[Overlap]:
    """The exact maximum over the pairs that reach LEAST_IOU; each object is in one pair at most.

    Objects that could not be each other's are never in one assignment, so those that are solved are small: nearly
    always one object of each."""
    matched: list[Overlap] = []
    for part in _parts([each for each in overlaps if each.iou >= LEAST_IOU]):
        if len(part) == 1:
            matched += part
            continue
        firsts = sorted({each.first for each in part})
        seconds = sorted({each.second for each in part})
        row = {each: number for number, each in enumerate(firsts)}
        column = {each: number for number, each in enumerate(seconds)}
        gains = np.zeros((len(firsts), len(seconds)))
        for each in part:
            gains[row[each.first], column[each.second]] = each.iou
        chosen = set(_best(gains))
        matched += [each for each in part if (row[each.first], column[each.second]) in chosen]
    return sorted(matched)


def _parts(overlaps: list[Overlap]) -> Iterator[list[Overlap]]:
    """Those that hang together by a common object."""
    head: dict[tuple[int, int], tuple[int, int]] = {}

    def root(node: tuple[int, int]) -> tuple[int, int]:
        head.setdefault(node, node)
        while head[node] != node:
            head[node] = head[head[node]]
            node = head[node]
        return node

    for each in overlaps:
        head[root((0, each.first))] = root((1, each.second))
    parts: dict[tuple[int, int], list[Overlap]] = {}
    for each in overlaps:
        parts.setdefault(root((0, each.first)), []).append(each)
    yield from parts.values()


def _best(gains: np.ndarray) -> list[tuple[int, int]]:
    """(row, column) of an assignment with the greatest sum; 0 stands for a pair that is none."""
    if gains.shape[0] > gains.shape[1]:
        return [(row, column) for column, row in _best(gains.T)]
    return [(row, column) for row, column in enumerate(_assign(-gains)) if gains[row, column] > 0]


def _assign(cost: np.ndarray) -> list[int]:
    """(n, m), n <= m -> the column of each row, with the least sum: shortest augmenting paths (Crouse 2016, "On
    implementing 2D rectangular assignment algorithms")."""
    rows, columns = cost.shape
    row_of = np.full(columns, -1)
    row_price, column_price = np.zeros(rows), np.zeros(columns)
    for root in range(rows):
        distance = np.full(columns, np.inf)
        came_from = np.full(columns, -1)  # the column before this one on the way from the root
        settled = np.zeros(columns, bool)
        row, column, least = root, -1, 0.0
        while row >= 0:
            reached = least + cost[row] - row_price[row] - column_price
            shorter = ~settled & (reached < distance)
            distance[shorter], came_from[shorter] = reached[shorter], column
            column = int(np.argmin(np.where(settled, np.inf, distance)))
            least = float(distance[column])
            settled[column] = True
            row = int(row_of[column])
        row_price[root] += least
        taken = settled & (row_of >= 0)
        row_price[row_of[taken]] += least - distance[taken]
        column_price[settled] -= least - distance[settled]
        while column >= 0:
            before = int(came_from[column])
            row_of[column] = root if before < 0 else row_of[before]
            column = before
    column_of = [0] * rows
    for column in np.flatnonzero(row_of >= 0):
        column_of[row_of[column]] = int(column)
    return column_of
