package com.example.lighthouse;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "lighthouse", mixinStandardHelpOptions = true, subcommands = Lighthouse.Serve.class)
public class Lighthouse {

    public static void main(String[] args) {
        int code = new CommandLine(new Lighthouse()).execute(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    @Command(name = "serve", description = "Answers with the light of the tower")
    static class Serve implements Callable<Integer> {

        @Option(names = "--port")
        int port;

        @Override
        public Integer call() throws IOException {
            Lamp lamp = Lamp.load();
            HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
            server.createContext("/light", exchange -> {
                byte[] body = lamp.toString().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(0)));
            return 0;
        }
    }
}
