package com.example.ferry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class MainVerticleTest {

    @Test
    void namesTheQuay(Vertx vertx, VertxTestContext context) {
        vertx.deployVerticle(new MainVerticle())
            .compose(id -> vertx.createHttpClient().request(HttpMethod.GET, MainVerticle.PORT, "localhost", "/departures/4"))
            .compose(request -> request.send())
            .compose(HttpClientResponse::body)
            .onComplete(context.succeeding(body -> context.verify(() -> {
                assertEquals("The ferry leaves quay 4", body.toString());
                context.completeNow();
            })));
    }
}
