package com.example.orchard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TreeServletTest {

    @Test
    void knowsTheSeason() {
        assertEquals("The cherry is picked in June", TreeServlet.season("cherry"));
    }
}
