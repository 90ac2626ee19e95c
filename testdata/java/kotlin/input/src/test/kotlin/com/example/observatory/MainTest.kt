package com.example.observatory

import kotlin.test.Test
import kotlin.test.assertEquals

class MainTest {

    @Test
    fun namesTheStar() {
        assertEquals("Deneb is up tonight", sky("Deneb"))
    }
}
