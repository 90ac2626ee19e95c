import { Hono } from "hono";

export const app = new Hono();

app.get("/", (c) => c.text("Hello from Hono"));
app.get("/health", (c) => c.json({ ok: true }));
