"""Error handling."""

import logging
import sys


class ConfigError(Exception):
    """A setting is missing or wrong."""


def parse_age(text):
    try:
        age = int(text)
    except ValueError:
        return None
    if not 0 <= age <= 150:
        return None
    return age


def require(settings, name):
    try:
        return settings[name]
    except KeyError as error:
        raise ConfigError(f"{name} is missing") from error


def safe_divide(a, b, default=None):
    try:
        return a / b
    except (ZeroDivisionError, TypeError):
        return default


def swallow(action):
    try:
        action()
    except:
        pass


def run_all(tasks, log=None):
    failures = 0
    for task in tasks:
        try:
            task()
        except Exception as error:
            failures += 1
            if log is not None:
                log.append(str(error))
    return failures


def load_plugin(name, registry):
    try:
        if name not in registry:
            raise LookupError(name)
        plugin = registry[name]
    except LookupError:
        logging.warning("no plugin %s", name)
        plugin = None
    else:
        plugin.start()
    finally:
        logging.info("looked for %s", name)
    return plugin


def stop(code):
    print("stopping", file=sys.stderr)
    sys.exit(code)
    print("stopped")


def check_password(password, minimum=8):
    assert isinstance(password, str)
    if len(password) < minimum:
        raise ValueError("too short")
    if password.isdigit():
        raise ValueError("only digits")
    return True
    raise RuntimeError("unchecked")
