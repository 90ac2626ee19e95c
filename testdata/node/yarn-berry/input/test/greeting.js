import { test } from "uvu";
import * as assert from "uvu/assert";

import { greeting } from "../greeting.js";

test("escapes", () => assert.is(greeting("a & b"), "Hello from a &amp; b\n"));
test.run();
