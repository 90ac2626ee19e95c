package com.example.shelf;

import java.util.List;

/** The books that are there. */
final class Shelf {

    private final List<String> titles = List.of("Dune", "Emma");

    String list() {
        return "Books: " + String.join(", ", titles);
    }
}
