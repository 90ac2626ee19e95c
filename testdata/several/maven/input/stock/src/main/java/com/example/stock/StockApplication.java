package com.example.stock;

import com.example.model.Book;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class StockApplication {
    public static void main(String[] args) {
        SpringApplication.run(StockApplication.class, args);
    }

    @GetMapping("/stock")
    public List<Book> stock() {
        return List.of(new Book("Solaris", 1299), new Book("Invisible Cities", 1250));
    }
}
