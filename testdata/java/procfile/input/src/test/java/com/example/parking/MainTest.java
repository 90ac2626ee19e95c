package com.example.parking;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class MainTest {

    @Test
    public void namesTheLevel() {
        assertEquals("Level 3: 12 free places", Main.places("3"));
    }
}
