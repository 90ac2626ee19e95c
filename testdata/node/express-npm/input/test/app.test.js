const test = require("node:test");
const assert = require("node:assert");
const app = require("../app");

test("greets", async (t) => {
  const server = app.listen(0);
  t.after(() => server.close());
  const res = await fetch(`http://127.0.0.1:${server.address().port}/`);
  assert.equal(res.status, 200);
  assert.match(await res.text(), /Hello from Express/);
});
