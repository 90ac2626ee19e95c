package com.example.aquarium;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AquariumTest {

    @Test
    void hasGuppies() {
        assertTrue(Aquarium.fish().contains("guppy"));
    }
}
