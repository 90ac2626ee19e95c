import { app } from "./app.js";

const port = Number(process.env.PORT) || 4000;

await app.listen({ port, host: "0.0.0.0" });

process.on("SIGTERM", async () => {
  await app.close();
  process.exit(0);
});
