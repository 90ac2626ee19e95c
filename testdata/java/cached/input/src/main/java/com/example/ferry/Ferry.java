package com.example.ferry;

import java.time.LocalTime;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Ferry {

    private final Timetable timetable = new Timetable();

    public static void main(String[] args) {
        SpringApplication.run(Ferry.class, args);
    }

    @GetMapping("/first")
    String first() {
        return timetable.next(LocalTime.MIN);
    }
}
