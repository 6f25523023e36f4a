"""Generators and iterators."""


def countdown(start):
    while start > 0:
        yield start
        start -= 1


def read_numbers(lines):
    for line in lines:
        line = line.strip()
        if not line:
            continue
        try:
            yield float(line)
        except ValueError:
            continue


def walk(tree):
    yield tree.value
    for child in tree.children:
        yield from walk(child)


def pairwise(items):
    iterator = iter(items)
    previous = next(iterator, None)
    for item in iterator:
        yield previous, item
        previous = item


def running_average():
    total, count, average = 0.0, 0, None
    while True:
        value = yield average
        total += value
        count += 1
        average = total / count


def batches(source, size):
    if size < 1:
        raise ValueError("size must be at least 1")
    batch = []
    for item in source:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def squares_of_even(numbers):
    return (n**2 for n in numbers if n % 2 == 0)
