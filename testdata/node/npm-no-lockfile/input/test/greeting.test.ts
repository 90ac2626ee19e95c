import assert from "node:assert";
import { test } from "node:test";

import { greeting } from "../src/greeting.ts";

test("escapes", () => assert.equal(greeting("a & b"), "Hello from a &amp; b\n"));
