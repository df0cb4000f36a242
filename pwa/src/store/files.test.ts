import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import { NOTHING_SAID } from "../domain/act-decision";
import { keepWork } from "./acts";
import { surely } from "./db";
import { forgetUnused, keepFile, recallFile, sendFiles, sha256 } from "./files";
import { outbox } from "./outbox";
import { type Me, me } from "./session";

const DAY = 86_400_000;
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

beforeEach(async () => {
  me.value = { person: { id: "p" }, organisation: { id: "o" }, permissions: [] } as unknown as Me;
  // No server: what is handed over waits.
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  await surely(async (db) => void (await Promise.all([db.clear("files"), db.clear("outbox"), db.clear("actWork")])));
  outbox.value = [];
});

test("a file is known by its hash, and only to the organisation that made it", async () => {
  const { id } = await keepFile(bytes("abc"), "image/jpeg", "a.jpg");
  expect(id).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(await sha256(bytes("abc"))).toBe(id);
  expect((await recallFile(id))?.name).toBe("a.jpg");
  me.value = { person: { id: "p" }, organisation: { id: "other" }, permissions: [] } as unknown as Me;
  expect(await recallFile(id)).toBeUndefined();
});

test("each file goes once, before the step of the same subject", async () => {
  const { id } = await keepFile(bytes("abc"), "image/jpeg", "a.jpg");
  await sendFiles("act:1", [id, id]);
  expect(outbox.value.map(({ subject, kind, file }) => [subject, kind, file])).toEqual([["act:1", "file", id]]);
});

test("what nothing names any more goes after a day, what waits or was said of a line stays", async () => {
  const [waiting, said, unused] = await Promise.all(["1", "2", "3"].map((text) => keepFile(bytes(text), "image/jpeg", text)));
  if (!waiting || !said || !unused) throw new Error("three were kept");
  await sendFiles("act:1", [waiting.id]);
  await keepWork({ id: "1", remarks: { ...NOTHING_SAID, refused: { box: { reason: "damaged", words: "", photos: [said.id] } } } });
  await forgetUnused(Date.now() + DAY / 2);
  expect(await recallFile(unused.id)).toBeDefined();
  await forgetUnused(Date.now() + 2 * DAY);
  expect(await recallFile(unused.id)).toBeUndefined();
  expect(await recallFile(waiting.id)).toBeDefined();
  expect(await recallFile(said.id)).toBeDefined();
});
