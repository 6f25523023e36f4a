"""The page of the lessons."""

from companion_pages import Open, press, session_of, texts

from procoder_companion.state import Session


def test_a_lesson_is_found_read_and_finished(open_page: Open) -> None:
    app = open_page("screens/lessons.py")
    app.text_input[0].set_value("remembers enclosing variables").run()
    press(app, "Closure")
    shown = texts(app)
    for part in ("### Closure", "##### Example", "It prints", "##### Exercise"):
        assert part in shown
    assert not session_of(app).api().lesson("closure", solution=False).lesson.solution
    app.toggle[0].set_value(True).run()
    solution = session_of(app).api().lesson("closure", solution=True).lesson.solution
    assert any(code.value == solution.strip("\n") for code in app.code)
    press(app, "I have finished this lesson")
    assert "Finished on" in texts(app)

    again = open_page("screens/lessons.py", Session(lesson="closure"))
    assert "Finished on" in texts(again)
    assert "finished" in again.get("progress")[0].proto.text
    press(again, "Not finished after all")
    assert "Finished on" not in texts(again)


def test_the_next_lesson_is_open_at_first(open_page: Open) -> None:
    app = open_page("screens/lessons.py")
    first = session_of(app).api().lessons().items[0]
    assert session_of(app).lesson == first.id


def test_a_search_for_nothing_says_so(open_page: Open) -> None:
    app = open_page("screens/lessons.py")
    app.text_input[0].set_value("xyzzy").run()
    assert "No lesson has these words." in texts(app)
