package com.example.harbor;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

@Path("/berth")
public class BerthResource {

    @GET
    public String berth(@QueryParam("length") int length) {
        return "Berth " + Berths.forLength(length);
    }
}
