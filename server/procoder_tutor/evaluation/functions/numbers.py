"""Functions about numbers."""

import math
import random


def gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a


def is_prime(n):
    if n < 2:
        return False
    for divisor in range(2, math.isqrt(n) + 1):
        if n % divisor == 0:
            return False
    return True


def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


def collatz_length(start: int) -> int:
    steps = 1
    while start != 1:
        start = start // 2 if start % 2 == 0 else 3 * start + 1
        steps += 1
    return steps


def clamp(value, low, high):
    if low > high:
        raise ValueError("low is above high")
    if value < low:
        return low
    elif value > high:
        return high
    return value


def mean(numbers):
    sum = 0
    for number in numbers:
        sum += number
    return sum / len(numbers)


def to_binary(number: int) -> str:
    if number == 0:
        return "0"
    digits = ""
    while number > 0:
        digits = str(number % 2) + digits
        number //= 2
    return digits


def roll(dice: int, sides: int = 6, *, rng=None) -> list[int]:
    source = rng or random.Random()
    return [source.randint(1, sides) for _ in range(dice)]


def estimate_pi(samples):
    inside = 0
    for _ in range(samples):
        x, y = random.random(), random.random()
        if x * x + y * y <= 1:
            inside += 1
    return 4 * inside / samples


def product(*factors):
    result = 1
    for factor in factors:
        result *= factor
    return result
