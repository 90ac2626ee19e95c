package com.example.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BookTest {
    @Test
    void price() {
        assertEquals("12.05 EUR", new Book("Solaris", 1205).price());
    }
}
