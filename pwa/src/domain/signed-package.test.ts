import { createHash } from "node:crypto";
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { withoutFiles } from "./signed-package";

type Inside = Record<string, string>;

/** A ZIP as others write it: every second entry packed. */
function zip(inside: Inside): Buffer<ArrayBuffer> {
  const [local, table]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  Object.entries(inside).forEach(([name, text], place) => {
    const content = Buffer.from(text);
    const written = place % 2 ? deflateRawSync(content) : content;
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(place % 2 ? 8 : 0, 4);
    shared.writeUInt32LE(crc32(content), 10);
    shared.writeUInt32LE(written.length, 14);
    shared.writeUInt32LE(content.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const record = Buffer.concat([Buffer.from("PK\x01\x02\x14\0", "latin1"), shared, Buffer.alloc(14), Buffer.from(name)]);
    record.writeUInt32LE(at, 42);
    table.push(record);
    const whole = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), shared, Buffer.from(name), written]);
    local.push(whole);
    at += whole.length;
  });
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(table.length, 10);
  end.writeUInt32LE(Buffer.concat(table).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, ...table, end]);
}

/** What a ZIP says is inside, found by its table of contents; sums are checked. */
function opened(bytes: Buffer): Inside {
  const found: Inside = {};
  let at = bytes.readUInt32LE(bytes.length - 6);
  for (let left = bytes.readUInt16LE(bytes.length - 12); left > 0; left--) {
    const [length, start] = [bytes.readUInt16LE(at + 28), bytes.readUInt32LE(at + 42)];
    const name = bytes.subarray(at + 46, at + 46 + length).toString();
    const data = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    const written = bytes.subarray(data, data + bytes.readUInt32LE(at + 20));
    const content = bytes.readUInt16LE(at + 10) ? inflateRawSync(written) : written;
    expect(crc32(content)).toBe(bytes.readUInt32LE(at + 16));
    found[name] = content.toString();
    at += 46 + length;
  }
  expect(at).toBe(bytes.length - 22);
  return found;
}

const light = async (inside: Inside): Promise<Inside> => {
  const made = await withoutFiles(new Blob([zip(inside)]));
  return made ? opened(Buffer.from(await made.arrayBuffer())) : {};
};
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const lies = (text: string, name = sha256(text)): Inside => ({ [`files/${name}.pdf`]: text });

test("files are measured and left out, packed or not; all else stays as it is", async () => {
  const stays = { "1-act/document.json": "{}", "manifest.json": "signed ".repeat(50) };
  const inside = { ...lies("first"), ...lies("second ".repeat(99)), ...stays, ...lies("changed", sha256("other")) };
  const { "measured.sha256": measured, ...rest } = await light(inside);
  expect(rest).toEqual(stays);
  const expected = [[sha256("first"), sha256("first")], [sha256("second ".repeat(99)), sha256("second ".repeat(99))], [sha256("changed"), sha256("other")]];
  expect(measured).toBe(expected.map(([sum, name]) => `${sum}  files/${name}.pdf\n`).join(""));
});

test("a file that unpacks to more than any file of an act is not the file that was signed", async () => {
  const large = "x".repeat(17 * 1024 * 1024);
  const found = await light({ "manifest.json": "{}", ...lies(large) });
  expect(found["measured.sha256"]).toBe(`${"0".repeat(64)}  files/${sha256(large)}.pdf\n`);
});

test("what has no files, or is no package, goes to the server as it is", async () => {
  const whole = zip({ "manifest.json": "{}", ...lies("first") });
  expect(await withoutFiles(new Blob([zip({ "manifest.json": "{}" })]))).toBeNull();
  expect(await withoutFiles(new Blob([whole.subarray(3)]))).toBeNull();
  expect(await withoutFiles(new Blob(["not a package"]))).toBeNull();
  expect(await withoutFiles(new Blob([whole.subarray(0, 60), whole.subarray(-22)]))).toBeNull();
});
