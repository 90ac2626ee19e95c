package com.example.lamp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LampTest {

    @Test
    void saysTheRoom() {
        assertEquals("{\"room\":\"hall\",\"lumen\":806}", Lamp.state("hall"));
    }
}
