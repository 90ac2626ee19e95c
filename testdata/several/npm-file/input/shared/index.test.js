const assert = require("node:assert");
const { test } = require("node:test");
const { id } = require("./index.js");

test("id", () => assert.strictEqual(id("Green Tea"), "green-tea"));
