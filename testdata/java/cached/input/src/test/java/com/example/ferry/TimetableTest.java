package com.example.ferry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalTime;
import org.junit.jupiter.api.Test;

class TimetableTest {

    @Test
    void leavesEveryFortyMinutes() {
        assertEquals("Next ferry: 07:20", new Timetable().next(LocalTime.of(6, 41)));
    }
}
