package com.example.parking;

import static spark.Spark.get;
import static spark.Spark.port;

/** Answers with the free places of a level of the car park. */
public final class Main {

    private Main() {
    }

    public static void main(String[] args) {
        String level = args.length == 2 && args[0].equals("--level") ? args[1] : "0";
        port(Integer.parseInt(System.getenv().getOrDefault("PORT", "4567")));
        get("/places", (request, response) -> places(level));
    }

    static String places(String level) {
        return "Level " + level + ": 12 free places";
    }
}
