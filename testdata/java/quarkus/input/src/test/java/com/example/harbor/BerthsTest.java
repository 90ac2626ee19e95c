package com.example.harbor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BerthsTest {

    @Test
    void longShipsLieAtTheLongSide() {
        assertEquals("C", Berths.forLength(41));
    }
}
