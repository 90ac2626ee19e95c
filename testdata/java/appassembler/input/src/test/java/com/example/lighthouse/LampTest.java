package com.example.lighthouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LampTest {

    @Test
    void namesTheKeeper() {
        assertEquals("A green light, kept by Joan", new Lamp("green", "Joan").toString());
    }
}
