import assert from "node:assert";
import { test } from "node:test";

import { dequal } from "dequal";
import { greeting } from "greeting";

test("escapes", () => assert(dequal(greeting("a & b"), "Hello from a &amp; b\n")));
