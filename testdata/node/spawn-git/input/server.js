import http from "node:http";
import { version } from "./version.js";

http
  .createServer((req, res) => res.end(`We run ${version()}\n`))
  .listen(process.env.PORT, process.env.HOST || "localhost");
