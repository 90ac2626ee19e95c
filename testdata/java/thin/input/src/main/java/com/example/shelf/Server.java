package com.example.shelf;

import io.javalin.Javalin;

public class Server {

    public static void main(String... args) {
        Shelf shelf = new Shelf();
        Javalin.create()
            .get("/books", ctx -> ctx.result(shelf.list()))
            .start(Integer.parseInt(System.getenv().getOrDefault("PORT", "7070")));
    }
}
