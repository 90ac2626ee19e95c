import datetime
import unittest

import invoice


class Invoice(unittest.TestCase):
    def test_amount(self):
        self.assertEqual(invoice.amount(1234567), "12.345,67 €")

    def test_day(self):
        self.assertEqual(invoice.day(datetime.date(2026, 3, 2)), "Montag, 2. März 2026")
