package com.example.ledger.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BalanceTest {
    @Test
    void hasTwoDigits() {
        assertEquals("12.05", Balance.text(1205));
    }
}
