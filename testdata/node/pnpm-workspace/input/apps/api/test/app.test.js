import assert from "node:assert";
import test from "node:test";
import { app } from "../app.js";

test("greets", async () => {
  const res = await app.inject("/");
  assert.equal(res.json().message, "Hello from the workspace");
});
