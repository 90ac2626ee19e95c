package com.example.kiosk;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

@Path("/paper")
@Produces(MediaType.TEXT_PLAIN)
public class PaperResource {

    private final String headline;

    public PaperResource(String headline) {
        this.headline = headline;
    }

    @GET
    public String front() {
        return "Front page: " + headline;
    }
}
