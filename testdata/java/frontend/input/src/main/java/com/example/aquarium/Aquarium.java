package com.example.aquarium;

import io.javalin.Javalin;
import io.javalin.http.staticfiles.Location;

public class Aquarium {

    public static void main(String[] args) {
        Javalin app = Javalin.create(config -> config.staticFiles.add("/public", Location.CLASSPATH))
            .get("/api/fish", ctx -> ctx.json(fish()));
        Runtime.getRuntime().addShutdownHook(new Thread(app::stop));
        app.start(7080);
    }

    static String fish() {
        return "[\"guppy\", \"tetra\"]";
    }
}
