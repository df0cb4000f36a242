import { expect, test } from "vitest";
import { bytes, text } from "./passkeys";

test.each([
  [[], ""],
  [[0], "AA"],
  [[255, 255], "__8"],
  [[251, 239, 190], "----"],
  [[1, 2, 3, 4], "AQIDBA"],
])("bytes %j are written %s and read again", (content, written) => {
  expect(text(Uint8Array.from(content).buffer)).toBe(written);
  expect([...bytes(written)]).toEqual(content);
});
