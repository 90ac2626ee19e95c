package com.example.tides;

import io.micronaut.serde.annotation.Serdeable;

/** The water at an hour of the day. */
@Serdeable
public record Tide(int hour, String water) {

    static Tide at(int hour) {
        return new Tide(hour, hour % 12 < 6 ? "flood" : "ebb");
    }
}
