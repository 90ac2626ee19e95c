package com.example.words;

public final class Words {

    private Words() {
    }

    public static int count(String text) {
        return text.isBlank() ? 0 : text.strip().split("\\s+").length;
    }
}
