import Fastify from "fastify";
import { greeting } from "greeting";

export const app = Fastify();

app.get("/", async () => ({ message: greeting("workspace") }));
app.get("/health", async () => ({ ok: true }));
