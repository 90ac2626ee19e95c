from report.main import lines


def test_a_line_for_each_book():
    assert "The Left Hand of Darkness: 9.90 EUR" in lines()
