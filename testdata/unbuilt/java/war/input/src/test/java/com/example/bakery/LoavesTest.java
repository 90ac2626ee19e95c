package com.example.bakery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LoavesTest {

    @Test
    void namesTheFlour() {
        assertEquals("Loaf of Whole Wheat", Loaves.of("whole wheat"));
    }
}
