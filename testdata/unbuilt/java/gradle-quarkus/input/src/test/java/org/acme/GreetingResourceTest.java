package org.acme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GreetingResourceTest {
    @Test
    void greets() {
        assertEquals("Hello from Quarkus", new GreetingResource().hello());
    }
}
