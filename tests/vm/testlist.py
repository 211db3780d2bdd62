# SPDX-License-Identifier: GPL-2.0-or-later
"""The tests by name."""

TESTS = {}  # name: (suite, function)


def _add(suite, function):
    assert function.__name__ not in TESTS, function.__name__
    assert function.__doc__, "%s says not what it tests" % function.__name__
    TESTS[function.__name__] = (suite, function)
    return function


def vm_test(function):
    """A test that starts a guest: function(folder for its files)."""
    return _add("vm", function)


def data_test(function):
    """A test on the shared data: function(folder for its files)."""
    return _add("data", function)


def nested_test(function):
    """A test whose guest lives in a guest (nested.py): function(folder for its files)."""
    return _add("nested", function)
