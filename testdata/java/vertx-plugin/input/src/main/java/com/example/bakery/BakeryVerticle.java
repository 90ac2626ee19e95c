package com.example.bakery;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

public class BakeryVerticle extends VerticleBase {

    @Override
    public Future<?> start() {
        return vertx.createHttpServer()
            .requestHandler(request -> request.response().end(today(request.getParam("bread", "rye"))))
            .listen(8077);
    }

    static String today(String bread) {
        return "Today: " + bread + " bread";
    }
}
