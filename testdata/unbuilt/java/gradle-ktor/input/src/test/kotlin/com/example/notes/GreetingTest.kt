package com.example.notes

import kotlin.test.Test
import kotlin.test.assertEquals

class GreetingTest {
    @Test
    fun greets() = assertEquals("hello from the notes", greeting())
}
