package com.example.ferry;

import java.time.LocalTime;

/** A ferry that leaves every forty minutes from six to ten. */
class Timetable {

    String next(LocalTime after) {
        LocalTime leaves = LocalTime.of(6, 0);
        while (leaves.isBefore(after) && leaves.isBefore(LocalTime.of(21, 20))) {
            leaves = leaves.plusMinutes(40);
        }
        return "Next ferry: " + leaves;
    }
}
