package com.example.shelf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ShelfTest {

    @Test
    void listsTheBooks() {
        assertEquals("Books: Dune, Emma", new Shelf().list());
    }
}
