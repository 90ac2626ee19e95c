package com.example.ledger;

import com.example.ledger.core.Balance;
import io.javalin.Javalin;

public final class App {
    private App() {}

    public static void main(String[] args) {
        Javalin.create().get("/", c -> c.result("balance " + Balance.text(1205))).start(7070);
    }
}
