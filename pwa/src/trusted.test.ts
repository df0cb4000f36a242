import { expect, test } from "vitest";
import { checkedScriptUrl } from "./trusted";

const origin = "https://tanba.example";

test("our own build passes", () => {
  expect(checkedScriptUrl("/assets/decoder.worker-Ab_1-x.js", origin)).toBe(`${origin}/assets/decoder.worker-Ab_1-x.js`);
  expect(checkedScriptUrl("/sw.js", origin)).toBe(`${origin}/sw.js`);
});

test.each([
  "https://evil.example/sw.js",
  "//evil.example/sw.js",
  "/api/v1/files/1.js",
  "/assets/../api/v1/x.js",
  "/assets/%2e%2e/x.js",
  "data:text/javascript,1",
  "blob:https://tanba.example/1",
  "javascript:1",
])("%s is refused", (address) => {
  expect(() => checkedScriptUrl(address, origin)).toThrow(TypeError);
});
