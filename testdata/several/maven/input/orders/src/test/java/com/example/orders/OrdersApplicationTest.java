package com.example.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OrdersApplicationTest {
    @Test
    void latest() {
        assertEquals("Solaris for 12.99 EUR", new OrdersApplication().latest());
    }
}
