import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

export const greeting = "Hello from Node";

export const server = createServer((req, res) => {
  res.setHeader("content-type", "text/plain");
  res.end(`${greeting}\n`);
});

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  server.listen(3000);
}
