package com.example.ferry;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.ext.web.Router;

public class MainVerticle extends VerticleBase {

    static final int PORT = 8888;

    @Override
    public Future<?> start() {
        Router router = Router.router(vertx);
        router.get("/departures/:quay").respond(context ->
            Future.succeededFuture("The ferry leaves quay " + context.pathParam("quay")));
        return vertx.createHttpServer().requestHandler(router).listen(PORT)
            .onSuccess(server -> System.out.println("HTTP server started on port " + server.actualPort()));
    }
}
