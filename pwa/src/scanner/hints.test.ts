import { expect, it } from "vitest";
import { hintFor } from "./hints";

const looking = { now: 100_000, since: 100_000, darkSince: null, locatedAt: null };

it.each([
  [0, "aim"],
  [3999, "aim"],
  [4000, "closer"],
  [9999, "closer"],
  [10_000, "photo"],
])("after %i ms without a read says %s", (waited, hint) => {
  expect(hintFor({ ...looking, since: looking.now - waited })).toBe(hint);
});

it("asks for light after two dark seconds, before anything else", () => {
  expect(hintFor({ ...looking, since: 0, darkSince: looking.now - 1999 })).toBe("photo");
  expect(hintFor({ ...looking, since: 0, darkSince: looking.now - 2000 })).toBe("too_dark");
});

it("says that a code is there but not readable, while it is there", () => {
  const since = looking.now - 3000;
  expect(hintFor({ ...looking, since, locatedAt: looking.now - 100 })).toBe("damaged");
  expect(hintFor({ ...looking, since, locatedAt: since - 1 })).toBe("aim");
  expect(hintFor({ ...looking, since: looking.now - 1000, locatedAt: looking.now })).toBe("aim");
});
