package com.example.greeting;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GreetingControllerTest {

    @Test
    void greets() {
        assertEquals("Hello, Ada!", new GreetingController().greet("Ada"));
    }
}
