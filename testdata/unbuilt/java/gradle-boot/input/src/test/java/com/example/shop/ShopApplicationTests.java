package com.example.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ShopApplicationTests {
    @Test
    void greets() {
        assertEquals("hello from the shop", new ShopApplication().greet());
    }
}
