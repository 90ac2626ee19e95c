package com.example.lighthouse;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The lamp of the tower, and who keeps it. */
record Lamp(String colour, String keeper) {

    static Lamp load() throws IOException {
        Properties keeper = new Properties();
        try (InputStream in = Lamp.class.getResourceAsStream("/keeper.properties")) {
            if (in == null) {
                throw new IOException("keeper.properties is not on the class path");
            }
            keeper.load(in);
        }
        return new Lamp(System.getProperty("lamp.colour", "white"), keeper.getProperty("name"));
    }

    @Override
    public String toString() {
        return "A " + colour + " light, kept by " + keeper;
    }
}
