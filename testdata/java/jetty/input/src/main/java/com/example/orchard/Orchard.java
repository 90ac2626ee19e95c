package com.example.orchard;

import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

public final class Orchard {

    private static final int PORT = 8095;

    private Orchard() {
    }

    public static void main(String[] args) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setPort(PORT);
        server.addConnector(connector);

        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(TreeServlet.class, "/trees/*");
        context.addServlet(HealthServlet.class, "/health");
        server.setHandler(context);

        server.setStopAtShutdown(true);
        server.start();
        server.join();
    }
}
