package com.example.kiosk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import io.dropwizard.testing.junit5.ResourceExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DropwizardExtensionsSupport.class)
class PaperResourceTest {

    private static final ResourceExtension RESOURCES = ResourceExtension.builder()
        .addResource(new PaperResource("Snow in the north"))
        .build();

    @Test
    void printsTheHeadline() {
        assertEquals("Front page: Snow in the north", RESOURCES.target("/paper").request().get(String.class));
    }
}
