from api.main import books


def test_a_book_has_a_price():
    assert {"title": "Invisible Cities", "price": "12.50 EUR"} in books()
