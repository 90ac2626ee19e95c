package com.example.lamp;

import com.google.gson.Gson;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Says in JSON how bright the lamp is. */
public final class Lamp {

    record State(String room, int lumen) {
    }

    private Lamp() {
    }

    static String state(String room) {
        return new Gson().toJson(new State(room, 806));
    }

    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(8097), 0);
        server.createContext("/", exchange -> {
            byte[] body = state("kitchen").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }
}
