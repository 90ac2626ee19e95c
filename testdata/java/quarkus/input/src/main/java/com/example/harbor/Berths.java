package com.example.harbor;

/** The quay has a short, a middle and a long side. */
final class Berths {

    private Berths() {
    }

    static String forLength(int metres) {
        if (metres <= 12) {
            return "A";
        }
        return metres <= 40 ? "B" : "C";
    }
}
