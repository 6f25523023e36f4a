"""Algorithms on sequences and graphs."""

import heapq
from collections import deque


def binary_search(items, target):
    low, high = 0, len(items) - 1
    while low <= high:
        middle = (low + high) // 2
        if items[middle] == target:
            return middle
        if items[middle] < target:
            low = middle + 1
        else:
            high = middle - 1
    return -1


def bubble_sort(items):
    for end in range(len(items) - 1, 0, -1):
        swapped = False
        for i in range(end):
            if items[i] > items[i + 1]:
                items[i], items[i + 1] = items[i + 1], items[i]
                swapped = True
        if not swapped:
            break


def merge_sort(items):
    if len(items) < 2:
        return items
    middle = len(items) // 2
    left, right = merge_sort(items[:middle]), merge_sort(items[middle:])
    merged = []
    while left and right:
        merged.append(left.pop(0) if left[0] <= right[0] else right.pop(0))
    return merged + left + right


def shortest_path(graph, start, goal):
    queue = deque([[start]])
    seen = {start}
    while queue:
        path = queue.popleft()
        if path[-1] == goal:
            return path
        for neighbour in graph.get(path[-1], ()):
            if neighbour not in seen:
                seen.add(neighbour)
                queue.append([*path, neighbour])
    return None


def dijkstra(graph: dict, start: str) -> dict:
    distances = {start: 0}
    heap = [(0, start)]
    while heap:
        distance, node = heapq.heappop(heap)
        if distance > distances[node]:
            continue
        for neighbour, weight in graph[node].items():
            through = distance + weight
            if through < distances.get(neighbour, float("inf")):
                distances[neighbour] = through
                heapq.heappush(heap, (through, neighbour))
    return distances


def add_edge(graph, start, end):
    graph.setdefault(start, set()).add(end)
    graph.setdefault(end, set())


def has_cycle(graph, node, visiting=None):
    visiting = visiting or set()
    if node in visiting:
        return True
    visiting.add(node)
    found = any(has_cycle(graph, child, visiting) for child in graph.get(node, []))
    visiting.discard(node)
    return found


def matrix_product(a, b):
    rows, inner, columns = len(a), len(b), len(b[0])
    result = [[0] * columns for _ in range(rows)]
    for i in range(rows):
        for j in range(columns):
            for k in range(inner):
                result[i][j] += a[i][k] * b[k][j]
    return result


def sieve(limit):
    is_candidate = [True] * (limit + 1)
    primes = []
    for number in range(2, limit + 1):
        if not is_candidate[number]:
            continue
        primes.append(number)
        for multiple in range(number * number, limit + 1, number):
            is_candidate[multiple] = False
    return primes


def sorted_median(values):
    ordered = sorted(values)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2
