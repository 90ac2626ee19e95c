const http = require("node:http");
const page = require("./page.js");

const server = http.createServer((req, res) => {
  res.setHeader("content-type", "text/html");
  res.end(page());
});
server.listen(process.env.PORT || 3001);
process.on("SIGTERM", () => server.close());
