/**
 * Writes a gzip and a brotli copy beside every built file that shrinks by it, for the server to send as it is.
 *
 * Left out are the two files into which the server writes its root key.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const TEXT = new Set([".js", ".css", ".svg", ".json", ".webmanifest", ".wasm", ".txt"]);
const WRITTEN_INTO = new Set(["index.html", "sw.js"]);

export function pack(dist: string): number {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && TEXT.has(extname(entry.name)) && !WRITTEN_INTO.has(entry.name),
  );
  for (const entry of files) {
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    const options = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
    const copies = { ".gz": gzipSync(bytes, { level: 9 }), ".br": brotliCompressSync(bytes, options) };
    for (const [ending, copy] of Object.entries(copies)) {
      if (copy.length < bytes.length) writeFileSync(path + ending, copy);
    }
  }
  return files.length;
}

const dist = process.argv[2];
if (import.meta.main && dist !== undefined) pack(dist);
