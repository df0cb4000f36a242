import { beforeEach, describe, expect, it, vi } from "vitest";
import type { RawScan } from "./scan";

const decode = vi.fn<(image: unknown) => Promise<RawScan[]>>();
vi.mock("./decoder", () => ({ decode: (image: unknown) => decode(image) }));
vi.mock("./server", () => ({ askServer: vi.fn() }));

const { PhotoUnreadable, readPhoto, tiles, uploadSize } = await import("./photo");

const mark: RawScan = { text: "0104870001234562215D", symbology: "]d2", source: "photo", format: "DataMatrix" };
const torn: RawScan = { text: "", symbology: null, source: "photo", format: "DataMatrix", located: true };
const file = new Blob(["x"], { type: "image/jpeg" });

function browserOpens(width: number, height: number): void {
  vi.stubGlobal("createImageBitmap", async () => ({ width, height, close: () => undefined }));
}

beforeEach(() => {
  decode.mockReset().mockResolvedValue([]);
  browserOpens(1600, 1200);
});

describe("reading a photo", () => {
  it("stays on the device when the device reads it", async () => {
    decode.mockResolvedValueOnce([mark]);
    const server = vi.fn();
    expect(await readPhoto(file, { server })).toEqual([mark]);
    expect(server).not.toHaveBeenCalled();
    expect(decode).toHaveBeenCalledTimes(1);
  });

  it("goes to the server when nothing was found, as it is", async () => {
    const server = vi.fn().mockResolvedValue([mark]);
    const onServer = vi.fn();
    expect(await readPhoto(file, { server, onServer })).toEqual([mark]);
    expect(server).toHaveBeenCalledWith(file, undefined);
    expect(onServer).toHaveBeenCalledOnce();
  });

  it("goes to the server for a code that was only located", async () => {
    decode.mockResolvedValue([torn]);
    expect(await readPhoto(file, { server: async () => [mark] })).toEqual([mark]);
  });

  it("answers with what the device found when there is no network, the located last", async () => {
    decode.mockResolvedValue([torn, mark]);
    const offline = vi.fn().mockRejectedValue(new Error("offline"));
    expect(await readPhoto(file, { server: offline })).toEqual([mark, torn]);
  });

  it("lets the server try a file that the browser cannot open", async () => {
    vi.stubGlobal("createImageBitmap", () => Promise.reject(new Error("HEIC")));
    expect(await readPhoto(file, { server: async () => [mark] })).toEqual([mark]);
    const refused = readPhoto(file, { server: () => Promise.reject(new Error("415")) });
    await expect(refused).rejects.toBeInstanceOf(PhotoUnreadable);
  });

  it("cuts big photos into tiles before it gives up, small ones not", async () => {
    const server = async (): Promise<RawScan[]> => [];
    await readPhoto(file, { server });
    const few = decode.mock.calls.length;
    browserOpens(4000, 3000);
    await readPhoto(file, { server });
    expect(decode.mock.calls.length - few).toBe(few + 9);
  });
});

describe("what is uploaded", () => {
  it("is the original up to 16 megapixels and 15 MB", () => {
    expect(uploadSize(4000, 3000, 5_000_000)).toBeNull();
  });

  it("is shrunk to 16 megapixels and no further", () => {
    const size = uploadSize(8160, 6120, 9_000_000);
    expect(size).not.toBeNull();
    const { width = 0, height = 0 } = size ?? {};
    expect(width * height).toBeLessThanOrEqual(16_000_000);
    expect(width * height).toBeGreaterThan(15_900_000);
    expect(Math.max(width, height)).toBeGreaterThanOrEqual(2560);
  });

  it("keeps its size when only the file is heavy", () => {
    expect(uploadSize(4000, 3000, 20_000_000)).toEqual({ width: 4000, height: 3000 });
  });
});

it("tiles cover the photo and overlap", () => {
  const all = tiles(4000, 3000);
  expect(all).toHaveLength(9);
  expect(Math.max(...all.map(({ x, w }) => x + w))).toBe(4000);
  expect(Math.max(...all.map(({ y, h }) => y + h))).toBe(3000);
  expect((all[0]?.w ?? 0) - (all[1]?.x ?? 0)).toBeGreaterThan(300);
});
