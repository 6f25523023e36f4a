"""The page of the history, and who sees what."""

from companion_pages import Open, press, session_of, settle, texts

from procoder_companion.state import Code, Session

AREA = "def area(width, height):\n    return width * height\n"


def talked(open_page: Open, user: str = "ada") -> Session:
    """Ask something, as a user."""
    app = open_page("screens/tutor.py", Session(code=Code(AREA)), user)
    app.chat_input[0].set_value("What is a rectangle?").run()
    return settle(app)


def test_a_conversation_is_read_found_and_deleted(open_page: Open) -> None:
    talked(open_page)
    app = open_page("screens/history.py")
    press(app, "What is a rectangle?")
    assert "Multiplies `width` by `height`" in texts(app)
    kept = session_of(app).api()
    assert "## You" in kept.export(kept.conversations().items[0].id)
    app.text_input[0].set_value("rectangle").run()
    assert any(button.label.startswith("What is") for button in app.button)
    app.text_input[0].set_value("triangle").run()
    assert "No turn has all of these words." in texts(app)
    press(app, "Delete it")
    assert not kept.conversations().items


def test_nobody_sees_anothers(open_page: Open) -> None:
    talked(open_page, "ada")
    app = open_page("screens/history.py", user="grace")
    assert "Nothing yet." in texts(app)


def test_everything_about_me_is_deleted_when_i_am_sure(open_page: Open) -> None:
    tab = talked(open_page)
    tab.api().finish_lesson("closure")
    app = open_page("screens/history.py")
    delete = next(button for button in app.button if button.label == "Delete everything")
    assert delete.disabled
    app.checkbox[0].check().run()
    press(app, "Delete everything")
    assert not tab.api().conversations().items
    assert tab.api().lesson("closure", solution=False).finished is None
