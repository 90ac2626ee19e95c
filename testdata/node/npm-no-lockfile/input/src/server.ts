import { createServer } from "node:http";

import { greeting } from "./greeting.ts";

const port: number = Number(process.env.PORT ?? 3000);
const server = createServer((req, res) => res.end(greeting("types & no build")));
server.listen(port);
process.on("SIGTERM", () => server.close());
