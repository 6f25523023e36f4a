"""Recursion and pattern matching."""

from dataclasses import dataclass
from typing import Optional


@dataclass
class Node:
    value: int
    left: Optional["Node"] = None
    right: Optional["Node"] = None


def insert(node, value):
    if node is None:
        return Node(value)
    if value < node.value:
        node.left = insert(node.left, value)
    elif value > node.value:
        node.right = insert(node.right, value)
    return node


def height(node):
    if node is None:
        return 0
    return 1 + max(height(node.left), height(node.right))


def in_order(node: Node | None) -> list[int]:
    if node is None:
        return []
    return [*in_order(node.left), node.value, *in_order(node.right)]


def evaluate(expression):
    match expression:
        case int() | float():
            return expression
        case ("+", left, right):
            return evaluate(left) + evaluate(right)
        case ("*", left, right):
            return evaluate(left) * evaluate(right)
        case _:
            raise TypeError("unknown expression")


def describe(command: str) -> str:
    match command.split():
        case ["go", direction]:
            return f"moving {direction}"
        case ["take", *things]:
            return "taking " + ", ".join(things)
        case []:
            return "nothing to do"


def permutations(items):
    if len(items) <= 1:
        return [items]
    result = []
    for i, first in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1 :]):
            result.append([first, *rest])
    return result


def hanoi(discs, source, target, spare):
    if discs == 0:
        return 0
    moves = hanoi(discs - 1, source, spare, target)
    print(f"{source} -> {target}")
    return moves + 1 + hanoi(discs - 1, spare, target, source)
