package com.example.ledger.core;

public final class Balance {
    private Balance() {}

    public static String text(int cents) {
        return String.format("%d.%02d", cents / 100, cents % 100);
    }
}
