/**
 * A signed package read where it lies: its files are hashed here and stay here, and what is left is small enough to be
 * sent. The public check takes it with `measured.sha256` in the place of the files, which says what they hash to.
 */

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
const LOCAL_SIZE = 30;
const DEFLATED = 8;
const FILE = /^files\/[0-9a-f]{64}\.[a-z]{3,4}$/;
const MEASURED = "measured.sha256";
/** Bytes: no file of an act is so large, so what is larger cannot be the file that was signed. */
const LARGEST = 16 * 1024 * 1024;
const NO_FILE = "0".repeat(64);

/** An entry of the table of contents, with its own bytes there. */
interface Entry {
  name: string;
  record: Uint8Array<ArrayBuffer>;
  method: number;
  packed: number;
  offset: number;
}

/** The package without its files, or null for one that has none, and for what is no package: the server says what it is. */
export async function withoutFiles(given: Blob): Promise<Blob | null> {
  const entries = await contents(given);
  const files = entries?.filter(({ name }) => FILE.test(name)) ?? [];
  if (!entries || files.length === 0) return null;
  const lines: string[] = [];
  for (const file of files) {
    const bytes = await content(given, file);
    lines.push(`${bytes ? hex(await crypto.subtle.digest("SHA-256", bytes)) : NO_FILE}  ${file.name}\n`);
  }
  return packed(given, entries.filter((one) => !files.includes(one)), lines.join(""));
}

async function contents(given: Blob): Promise<Entry[] | null> {
  const end = await view(given, given.size - END_SIZE, END_SIZE);
  if (end?.getUint32(0, true) !== END) return null;
  const [count, length, start] = [end.getUint16(10, true), end.getUint32(12, true), end.getUint32(16, true)];
  const table = await view(given, start, length);
  if (!table) return null;
  const found: Entry[] = [];
  for (let at = 0; found.length < count; ) {
    if (at + ENTRY_SIZE > length || table.getUint32(at, true) !== ENTRY) return null;
    const named = table.getUint16(at + 28, true);
    const size = ENTRY_SIZE + named + table.getUint16(at + 30, true) + table.getUint16(at + 32, true);
    if (at + size > length) return null;
    const record = new Uint8Array(table.buffer.slice(at, at + size));
    found.push({
      name: new TextDecoder().decode(record.subarray(ENTRY_SIZE, ENTRY_SIZE + named)),
      record,
      method: table.getUint16(at + 10, true),
      packed: table.getUint32(at + 20, true),
      offset: table.getUint32(at + 42, true),
    });
    at += size;
  }
  return found;
}

/** Null for a file that is too large, or that cannot be unpacked. */
async function content(given: Blob, entry: Entry): Promise<Uint8Array<ArrayBuffer> | null> {
  const start = await begins(given, entry);
  if (start === null || entry.packed > LARGEST) return null;
  const stored = given.slice(start, start + entry.packed);
  if (entry.method !== DEFLATED) return new Uint8Array(await stored.arrayBuffer());
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for (const reader = stored.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader(); ; ) {
      const { value } = await reader.read();
      if (!value) return new Uint8Array(await new Blob(pieces).arrayBuffer());
      pieces.push(value);
      size += value.length;
      if (size > LARGEST) {
        await reader.cancel();
        return null;
      }
    }
  } catch {
    return null;
  }
}

/** Where the bytes of an entry begin, behind the header that stands before them once more. */
async function begins(given: Blob, { offset }: Entry): Promise<number | null> {
  const header = await view(given, offset, LOCAL_SIZE);
  if (header?.getUint32(0, true) !== LOCAL) return null;
  return offset + LOCAL_SIZE + header.getUint16(26, true) + header.getUint16(28, true);
}

async function packed(given: Blob, kept: readonly Entry[], measured: string): Promise<Blob | null> {
  const parts: BlobPart[] = [];
  const table: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for (const entry of kept) {
    const start = await begins(given, entry);
    if (start === null) return null;
    const record = entry.record.slice();
    new DataView(record.buffer).setUint32(42, at, true);
    table.push(record);
    parts.push(given.slice(entry.offset, start + entry.packed));
    at += start + entry.packed - entry.offset;
  }
  const text = new TextEncoder().encode(measured);
  const name = new TextEncoder().encode(MEASURED);
  const [sum, size] = [crc32(text), text.length];
  parts.push(record([[LOCAL, 4], [20, 2], [0, 8], [sum, 4], [size, 4], [size, 4], [name.length, 2], [0, 2]]), name, text);
  table.push(record([[ENTRY, 4], [20, 2], [20, 2], [0, 8], [sum, 4], [size, 4], [size, 4], [name.length, 2], [0, 12], [at, 4]]), name);
  at += LOCAL_SIZE + name.length + size;
  const length = table.reduce((all, one) => all + one.length, 0);
  const count = kept.length + 1;
  return new Blob([...parts, ...table, record([[END, 4], [0, 4], [count, 2], [count, 2], [length, 4], [at, 4], [0, 2]])]);
}

/** Numbers one after another, each in so many bytes, the lowest first. */
function record(fields: readonly [value: number, bytes: number][]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(fields.flatMap(([value, bytes]) => Array.from({ length: bytes }, (_, at) => (at < 4 ? (value >>> (8 * at)) & 255 : 0))));
}

function crc32(bytes: Uint8Array): number {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

async function view(given: Blob, start: number, length: number): Promise<DataView<ArrayBuffer> | null> {
  if (start < 0 || start + length > given.size) return null;
  return new DataView(await given.slice(start, start + length).arrayBuffer());
}

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
