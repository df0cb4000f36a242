import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { TrustList } from "../domain/trust-list";

const NOW = Date.parse("2026-11-22T09:00:00Z");
const DAY = 24 * 3600_000;
const ROOT = "A".repeat(43) + "=";

const fetchTrustList = vi.fn<() => Promise<TrustList>>();
const fetchWithdrawn = vi.fn<() => Promise<Uint8Array<ArrayBuffer>>>();
const verified = vi.fn<(list: TrustList) => Promise<TrustList | null>>();
vi.mock("../api/verification", () => ({ fetchTrustList, fetchWithdrawn }));
vi.mock("../domain/trust-list", () => ({ verifiedTrustList: verified }));

function list(issued: number, withdrawn: TrustList["withdrawn"] = []): TrustList {
  return {
    keys: [],
    withdrawn,
    issued_at: new Date(issued).toISOString(),
    expires_at: new Date(issued + 7 * DAY).toISOString(),
    signature: "good",
  };
}

let root: string | null = ROOT;

beforeEach(async () => {
  vi.resetModules();
  vi.clearAllMocks();
  vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
  vi.stubGlobal("indexedDB", new IDBFactory());
  root = ROOT;
  vi.stubGlobal("document", { querySelector: () => (root === null ? null : { content: root }) });
  verified.mockImplementation(async (one) => (one.signature === "good" ? one : null));
});

const trust = (): Promise<typeof import("./trust")> => import("./trust");

describe("a list is refused", () => {
  const signed = async (one: TrustList): Promise<boolean> => one.signature === "good";

  test("without the root's signature", async () => {
    const { refusal } = await trust();
    expect(await refusal({ ...list(NOW), signature: "bad" }, null, ROOT, signed, NOW)).toBe("unsigned");
  });

  test("when it is older than the one in use, however well signed", async () => {
    const { refusal } = await trust();
    expect(await refusal(list(NOW - 1000), list(NOW), ROOT, signed, NOW)).toBe("older");
    expect(await refusal(list(NOW), list(NOW), ROOT, signed, NOW)).toBeNull();
    expect(await refusal(list(NOW + 1000), list(NOW), ROOT, signed, NOW)).toBeNull();
  });

  test("when it is past its date", async () => {
    const { refusal } = await trust();
    expect(await refusal(list(NOW - 8 * DAY), null, ROOT, signed, NOW)).toBe("expired");
  });
});

describe("a kept list", () => {
  test("says nothing after seven days, past its date, or from the future", async () => {
    const { usable } = await trust();
    expect(usable(list(NOW), NOW + 7 * DAY - 1)).toBe(true);
    expect(usable(list(NOW), NOW + 7 * DAY)).toBe(false);
    expect(usable({ ...list(NOW), expires_at: new Date(NOW + 30 * DAY).toISOString() }, NOW + 7 * DAY)).toBe(false);
    expect(usable({ ...list(NOW), expires_at: new Date(NOW + 1).toISOString() }, NOW + 2)).toBe(false);
    expect(usable(list(NOW), NOW - 2 * DAY)).toBe(false);
  });

  test("is never rolled back by the server", async () => {
    const { refreshTrust, trustList, trustIssuedAt } = await trust();
    fetchTrustList.mockResolvedValueOnce(list(NOW - DAY));
    await refreshTrust();
    fetchTrustList.mockResolvedValueOnce(list(NOW - 3 * DAY));
    await refreshTrust(true);
    expect((await trustList())?.issued_at).toBe(list(NOW - DAY).issued_at);
    expect(trustIssuedAt.value).toBe(list(NOW - DAY).issued_at);
  });

  test("survives a restart, is checked again, and refused when the disk was changed", async () => {
    fetchTrustList.mockResolvedValue(list(NOW));
    await (await trust()).refreshTrust();
    vi.resetModules();
    expect((await (await trust()).trustList())?.issued_at).toBe(list(NOW).issued_at);
    vi.resetModules();
    verified.mockResolvedValue(null);
    expect(await (await trust()).trustList()).toBeNull();
  });

  test("is renewed after a day and not before", async () => {
    const { refreshTrust } = await trust();
    fetchTrustList.mockResolvedValue(list(NOW));
    await refreshTrust();
    await refreshTrust();
    expect(fetchTrustList).toHaveBeenCalledTimes(1);
    vi.setSystemTime(NOW + DAY + 1);
    await refreshTrust();
    expect(fetchTrustList).toHaveBeenCalledTimes(2);
  });

  test("is not asked for where the page pins no root", async () => {
    root = "%TANBA_ROOT%";
    const { refreshTrust, trustList } = await trust();
    await refreshTrust();
    expect(fetchTrustList).not.toHaveBeenCalled();
    expect(await trustList()).toBeNull();
  });
});

describe("withdrawn filters", () => {
  const BODY = new Uint8Array([1, 2, 3]);
  const HASH = "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81";
  const entry = { key_id: "TFW1", url: "", as_of: "", sha256: HASH };

  test("are kept when their hash is the signed one", async () => {
    const { refreshTrust, withdrawnFilter } = await trust();
    fetchTrustList.mockResolvedValue(list(NOW, [entry]));
    fetchWithdrawn.mockResolvedValue(BODY);
    await refreshTrust();
    expect(await withdrawnFilter(HASH)).toEqual(BODY);
    await refreshTrust(true);
    expect(fetchWithdrawn).toHaveBeenCalledTimes(1);
  });

  test("are refused when their bytes are others", async () => {
    const { refreshTrust, withdrawnFilter } = await trust();
    fetchTrustList.mockResolvedValue(list(NOW, [entry]));
    fetchWithdrawn.mockResolvedValue(new Uint8Array([9]));
    await refreshTrust();
    expect(await withdrawnFilter(HASH)).toBeNull();
  });

  test("go when the list no longer names them", async () => {
    const { refreshTrust, withdrawnFilter } = await trust();
    fetchTrustList.mockResolvedValueOnce(list(NOW, [entry]));
    fetchWithdrawn.mockResolvedValue(BODY);
    await refreshTrust();
    fetchTrustList.mockResolvedValueOnce(list(NOW + 1000));
    await refreshTrust(true);
    expect(await withdrawnFilter(HASH)).toBeNull();
  });
});
