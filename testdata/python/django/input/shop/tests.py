from django.test import SimpleTestCase, override_settings


@override_settings(STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}})
class IndexTest(SimpleTestCase):
    def test_lists_the_fruit(self):
        self.assertContains(self.client.get("/"), "<li>quince</li>")
