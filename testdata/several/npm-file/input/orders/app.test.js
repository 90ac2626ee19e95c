const assert = require("node:assert");
const { test } = require("node:test");
const app = require("./app.js");

test("goods", async (t) => {
  const server = app.listen(0);
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const res = await fetch(`http://127.0.0.1:${server.address().port}/goods`);
  assert.strictEqual((await res.json())[0].id, "green-tea");
});
