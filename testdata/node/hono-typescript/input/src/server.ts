import { serve } from "@hono/node-server";
import { app } from "./app.js";

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 8080) }, ({ port }) => {
  console.log(`listening on ${port}`);
});

process.on("SIGTERM", () => server.close());
