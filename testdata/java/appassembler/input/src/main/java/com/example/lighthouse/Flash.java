package com.example.lighthouse;

/** Prints one flash of the lamp. */
public final class Flash {

    private Flash() {
    }

    public static void main(String[] args) {
        System.out.println(new Lamp("white", "nobody"));
    }
}
