package com.example.shelf;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ShelfApplicationTest {
    @Test
    void hasSolaris() {
        assertTrue(new ShelfApplication().books().contains("Solaris"));
    }
}
