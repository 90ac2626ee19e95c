const { test } = require("uvu");
const assert = require("uvu/assert");

const { greeting } = require("../greeting.js");

test("escapes", () => assert.is(greeting("a ♥ b"), "Hello from a &hearts; b\n"));
test.run();
