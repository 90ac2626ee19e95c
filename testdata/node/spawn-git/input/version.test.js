import assert from "node:assert";
import { version } from "./version.js";

assert.match(version(), /^git version \d/);
