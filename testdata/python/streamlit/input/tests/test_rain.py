from pathlib import Path

from streamlit.testing.v1 import AppTest

from rain import totals


def test_totals():
    assert totals(Path("data/rain.csv")) == {"2026-01": 15.5, "2026-02": 2.5}


def test_page():
    page = AppTest.from_file("../app.py", default_timeout=30).run()
    assert not page.exception
    assert page.title[0].value == "Rain"
