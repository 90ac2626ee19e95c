from django.test import SimpleTestCase


class FruitTest(SimpleTestCase):
    def test_lists_the_fruit(self):
        self.assertIn("quince", self.client.get("/api/fruit").json()["fruit"])
