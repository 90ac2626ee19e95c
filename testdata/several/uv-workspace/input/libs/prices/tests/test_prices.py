from prices import label


def test_cents_have_two_digits():
    assert label(905) == "9.05 EUR"
