package com.example.tides;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micronaut.http.client.HttpClient;
import io.micronaut.http.client.annotation.Client;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

@MicronautTest
class TideControllerTest {

    @Inject
    @Client("/tides")
    HttpClient client;

    @Test
    void ebbsBeforeNoon() {
        assertEquals(new Tide(11, "ebb"), client.toBlocking().retrieve("/11", Tide.class));
    }
}
