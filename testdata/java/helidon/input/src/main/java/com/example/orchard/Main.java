package com.example.orchard;

import io.helidon.config.Config;
import io.helidon.logging.common.LogConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;

public class Main {

    private Main() {
    }

    public static void main(String[] args) {
        LogConfig.configureRuntime();
        Config config = Config.create();
        String fruit = config.get("app.fruit").asString().orElse("apples");
        WebServer server = WebServer.builder()
            .config(config.get("server"))
            .routing(routing -> routing(routing, fruit))
            .build()
            .start();
        System.out.println("WEB server is up! http://localhost:" + server.port() + "/harvest");
    }

    static void routing(HttpRouting.Builder routing, String fruit) {
        routing.get("/harvest", (request, response) -> response.send("A basket of " + fruit));
    }
}
