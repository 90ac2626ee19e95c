package com.example.bakery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BakeryVerticleTest {

    @Test
    void namesTheBread() {
        assertEquals("Today: spelt bread", BakeryVerticle.today("spelt"));
    }
}
