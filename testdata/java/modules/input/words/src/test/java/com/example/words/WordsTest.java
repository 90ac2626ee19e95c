package com.example.words;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void counts() {
        assertEquals(3, Words.count(" one two  three "));
    }
}
