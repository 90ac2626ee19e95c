import unittest

from report import totals


class TotalsTest(unittest.TestCase):
    def test_adds_up(self):
        self.assertEqual(totals(["thing,number", "cup,1", "cup,2"])["cup"], 3)


if __name__ == "__main__":
    unittest.main()
