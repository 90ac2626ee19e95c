import { createServer } from "node:http";

import { greeting } from "./greeting.js";

const server = createServer((req, res) => res.end(greeting("Yarn & its modules")));
server.listen(process.env.PORT ?? 3000);
process.on("SIGTERM", () => server.close());
