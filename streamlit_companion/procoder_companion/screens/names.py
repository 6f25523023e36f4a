"""The files of the pages, by which one page leads to another; relative to `app.py`."""

TUTOR = "screens/tutor.py"
LESSONS = "screens/lessons.py"
HISTORY = "screens/history.py"
