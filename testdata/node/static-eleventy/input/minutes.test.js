import assert from "node:assert/strict";
import test from "node:test";

import { minutes } from "./minutes.js";

test("a text takes a minute at least", () => {
  assert.equal(minutes(""), 1);
});

test("long texts take longer", () => {
  assert.equal(minutes("word ".repeat(600)), 3);
});
