const { createServer } = require("node:http");

const { greeting } = require("./greeting.js");

const server = createServer((req, res) => res.end(greeting("a patched package ♥ pnpm")));
server.listen(process.env.PORT ?? 3000);
process.on("SIGTERM", () => server.close());
