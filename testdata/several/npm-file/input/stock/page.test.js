const assert = require("node:assert");
const { test } = require("node:test");
const page = require("./page.js");

test("page", () => assert.match(page(), /Oat Milk: 3/));
