import assert from "node:assert";
import test from "node:test";
import { app } from "../src/app.js";

test("greets", async () => {
  const res = await app.request("/");
  assert.equal(res.status, 200);
  assert.equal(await res.text(), "Hello from Hono");
});
