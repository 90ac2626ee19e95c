package com.example.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ClockTest {

    @Test
    void namesThePlace() {
        assertEquals("The clock of Delft", Clock.title("Delft"));
    }
}
