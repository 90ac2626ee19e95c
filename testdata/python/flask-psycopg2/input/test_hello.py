from hello import server


def test_index():
    answer = server.test_client().get("/")
    assert answer.status_code == 200
    assert b"guestbook" in answer.data


def test_driver_is_linked_to_libpq():
    assert server.test_client().get("/driver").get_json()["libpq"] >= 130000
