import { expect, test } from "vitest";
import { ApiError } from "../api/client";
import { asked, once } from "./attempt";

async function keyOf(contents: unknown, failure?: ApiError): Promise<string> {
  let seen = "";
  await once("fill", contents, (key) => {
    seen = key;
    return failure ? Promise.reject(failure) : Promise.resolve();
  }).catch(() => undefined);
  return seen;
}

test("a lost answer is asked for again under the same key", async () => {
  const first = await keyOf({ a: 1 }, new ApiError("network.timeout", 0));
  expect(await keyOf({ a: 1 })).toBe(first);
});

test("what went through, was refused or says something else is another operation", async () => {
  const done = await keyOf({ a: 2 });
  const refused = await keyOf({ a: 2 }, new ApiError("registration.form_invalid", 422));
  const again = await keyOf({ a: 2 }, new ApiError("network.timeout", 0));
  const other = await keyOf({ a: 3 });
  expect(new Set([done, refused, again, other]).size).toBe(4);
});

test("of what was asked anew several times the last answer stands, and what was asked to go on from it", () => {
  const { anew, further } = asked();
  const first = anew();
  const firstPart = further();
  expect([first(), firstPart()]).toEqual([true, true]);
  const second = anew();
  const secondPart = further();
  expect([first(), firstPart(), second(), secondPart()]).toEqual([false, false, true, true]);
});
