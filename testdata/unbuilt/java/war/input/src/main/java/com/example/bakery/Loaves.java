package com.example.bakery;

import org.apache.commons.text.WordUtils;

/** The loaves of the day. */
final class Loaves {

    private Loaves() {
    }

    static String of(String flour) {
        return "Loaf of " + WordUtils.capitalizeFully(flour);
    }
}
