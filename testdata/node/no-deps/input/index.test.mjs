import assert from "node:assert";
import test from "node:test";
import { greeting } from "./index.mjs";

test("greets", () => {
  assert.equal(greeting, "Hello from Node");
});
