import { createServer } from "node:http";

import { greeting } from "greeting";

const server = createServer((req, res) => res.end(greeting("the archives of Yarn")));
server.listen(process.env.PORT ?? 3000);
process.on("SIGTERM", () => server.close());
