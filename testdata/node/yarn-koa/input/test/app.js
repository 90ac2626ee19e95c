const assert = require("node:assert");
const app = require("../app");

it("greets", async () => {
  const server = app.listen(0);
  const res = await fetch(`http://127.0.0.1:${server.address().port}/`);
  server.close();
  assert.equal(await res.text(), "Hello from Koa");
});
