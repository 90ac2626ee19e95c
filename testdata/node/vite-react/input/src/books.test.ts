import { expect, test } from "vitest";

import { books, hours } from "./books";

test("a started hour counts", () => {
  expect(books.map(hours)).toEqual([11, 8]);
});
