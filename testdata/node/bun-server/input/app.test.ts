import { expect, test } from "bun:test";
import { app } from "./app";

test("greets", async () => {
  const res = await app.request("/");
  expect(await res.text()).toBe("Hello from Bun");
});
