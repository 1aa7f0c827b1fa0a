"""What a reader does to a widget, each as a function of its view: for the tables of the tests."""

import re

WIDE = {
    letter: letter + 0xFEE0 for letter in (*range(ord("A"), ord("[")), *range(ord("a"), ord("{")))
}


def named(name):
    """Match a name as it is written, and in the wide letters of test_words.py."""
    return re.compile(f"^({re.escape(name)}|{re.escape(name.translate(WIDE))})$")


def nothing(view):
    """Leave the widget as it starts."""


def click(css, place=0):
    """Click one of the elements of this selector."""
    return lambda view: view.locator(css).nth(place).click()


def press(css, *keys, place=0):
    """Press keys on one of the elements of this selector."""

    def act(view):
        view.locator(css).nth(place).focus()
        for key in keys:
            view.page.keyboard.press(key)

    return act


def fill(css, text):
    """Put a text into a field."""
    return lambda view: view.locator(css).first.fill(text)


def write(css, text):
    """Write a text into a field, and press Enter."""

    def act(view):
        view.locator(css).fill(text)
        view.page.keyboard.press("Enter")

    return act


def push(name):
    """Click the button with this name."""
    return lambda view: view.get_by_role("button", name=named(name)).first.click()


def slide(name, value):
    """Move a slider to a value."""
    return lambda view: view.get_by_role("slider", name=named(name)).fill(str(value))


def type_in(name, value):
    """Type a number into a field, and press Enter."""

    def act(view):
        view.get_by_role("spinbutton", name=named(name)).fill(str(value))
        view.page.keyboard.press("Enter")

    return act


def answer(*numbers):
    """Fill in the fields of a question, and press Enter."""

    def act(view):
        for field, number in zip(view.locator(".cv-field").all(), numbers, strict=True):
            field.fill(str(number))
        view.page.keyboard.press("Enter")

    return act
