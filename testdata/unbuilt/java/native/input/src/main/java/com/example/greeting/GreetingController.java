package com.example.greeting;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class GreetingController {

    @GetMapping("/")
    String greet(@RequestParam(defaultValue = "world") String name) {
        return "Hello, " + name + "!";
    }
}
