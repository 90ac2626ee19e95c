package com.example.model;

public record Book(String title, int cents) {
    public String price() {
        return "%d.%02d EUR".formatted(cents / 100, cents % 100);
    }
}
