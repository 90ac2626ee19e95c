package com.example.tides;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;

@Controller("/tides")
public class TideController {

    @Get("/{hour}")
    Tide at(int hour) {
        return Tide.at(hour);
    }
}
