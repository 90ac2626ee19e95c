package com.example.kiosk;

import com.codahale.metrics.health.HealthCheck;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Environment;

public class KioskApplication extends Application<KioskConfiguration> {

    public static void main(String[] args) throws Exception {
        new KioskApplication().run(args);
    }

    @Override
    public String getName() {
        return "kiosk";
    }

    @Override
    public void run(KioskConfiguration configuration, Environment environment) {
        environment.jersey().register(new PaperResource(configuration.getHeadline()));
        environment.healthChecks().register("headline", new HealthCheck() {
            @Override
            protected Result check() {
                return configuration.getHeadline().isBlank() ? Result.unhealthy("no headline") : Result.healthy();
            }
        });
    }
}
