import { expect, test, vi } from "vitest";
import type { Contents } from "./container";
import { certificate, container, keyPair, PASSWORD } from "./fake-container";
import { openKeys } from "./engine";

const taken: Contents[] = [];

vi.mock("./container", async (original) => {
  const real = await original<typeof import("./container")>();
  return {
    open: async (...given: Parameters<typeof real.open>) => {
      const contents = await real.open(...given);
      taken.push(contents);
      return contents;
    },
  };
});

const zero = (bytes: Uint8Array): boolean => bytes.length > 0 && bytes.every((byte) => byte === 0);

test.each(["2026-06-01T00:00:00Z", "2030-01-01T00:00:00Z"])("keys in the clear are wiped, opened or refused (%s)", async (now) => {
  const importing = vi.spyOn(crypto.subtle, "importKey");
  const mine = await keyPair(2048);
  const file = new Uint8Array(await container(mine.privateKey, [certificate(mine)]).arrayBuffer());
  const password = new TextEncoder().encode(PASSWORD);
  await openKeys(file, password, new Date(now)).catch(() => undefined);

  expect(taken.at(-1)?.keys.map(({ bytes }) => zero(bytes))).toEqual([true]);
  expect(zero(password)).toBe(true);
  const imported = importing.mock.calls.filter(([format]) => (format as string) === "pkcs8");
  expect(imported.map(([, bytes, , extractable]) => [zero(bytes as unknown as Uint8Array), extractable])).toEqual([[true, false]]);
  importing.mockRestore();
});
