"""Functions with classic mistakes."""

import random
import secrets


def greet(name, greeting):
    if greeting is "":
        greeting = "Hello"
    return greeting + ", " + name


def drop_expired(sessions, now):
    for key in sessions:
        if sessions[key] < now:
            del sessions[key]


def index_of(items, wanted):
    for index, item in enumerate(items):
        if item == wanted:
            return index
        else:
            return -1


def join_all(list, sep=", "):
    str = ""
    for item in list:
        str += item + sep
    return str


def make_password(length, alphabet="abcdef0123456789"):
    letters = []
    for _ in range(length):
        letters.append(secrets.choice(alphabet))
    return "".join(letters)
    random.shuffle(letters)


def deal(deck, players):
    random.shuffle(deck)
    hands = {}
    for player in players:
        hands[player] = [deck.pop() for _ in range(5)]
    return hands


def last(items, n=1, unused=None):
    return items[-n:]


def buttons(labels, on_click):
    return {label: lambda: on_click(label) for label in labels}


def ask_until_valid(question):
    while True:
        answer = input(question)
        try:
            return int(answer)
        except:
            print("Please enter a number.")


def average_of_file(path):
    file = open(path)
    numbers = [float(line) for line in file]
    return sum(numbers) / len(numbers)
