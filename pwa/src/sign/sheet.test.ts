/** What the sheet decides before anything is signed. */

import { expect, test } from "vitest";
import { drawn } from "../ui/qr";
import { asked } from "./asked";
import { endsSoon, fitting } from "./fitting";
import { requestSignatures, toSign } from "./index";
import type { OpenedKey } from "./p12/signer";
import { onPhone, type Place, waysHere } from "./place";
import { failed, toBase64 } from "./signer";
import { masked } from "./who";

const BIN = "200140000004";
const OTHER_BIN = "200140000014";
const IIN = "900101300007";

function key(changes: { bin?: string | null; canSign?: boolean; others?: OpenedKey[] } = {}): OpenedKey {
  const { bin = BIN, canSign = true, others = [] } = changes;
  return {
    subject: { name: "ӘЛИЯ", iin: IIN, bin, organisation: bin && "«Дос»", serial: "01" },
    notBefore: new Date(0),
    notAfter: new Date(0),
    algorithm: "RSA",
    roles: [],
    test: true,
    canSign,
    others,
    sign: () => Promise.reject(new Error("not asked for")),
    close: () => undefined,
  };
}

function request(purpose: "login" | "document", bin?: string): Parameters<typeof fitting>[1] {
  return { purpose, title: "", documents: [], ...(bin ? { party: { bin } } : {}) };
}

test("a key fits its purpose and its party, wherever in the file it lies", () => {
  const auth = key({ canSign: false });
  const sign = key();
  expect(fitting(sign, request("document", BIN))).toBe(sign);
  expect(fitting(auth, request("login"))).toBe(auth);
  expect(fitting(key({ canSign: false, others: [sign] }), request("document", BIN))).toBe(sign);
  const trader = key({ bin: null });
  expect(fitting(trader, request("document", IIN))).toBe(trader);
  expect(() => fitting(auth, request("document"))).toThrow("sign.login_key");
  expect(() => fitting(sign, request("document", OTHER_BIN))).toThrow("sign.other_party");
  expect(() => fitting(sign, request("document", IIN)), "an employee's key is not the person's own").toThrow("sign.other_party");
  expect(() => fitting(trader, request("document", BIN))).toThrow("sign.other_party");
});

test("the end of a key is told thirty days ahead", () => {
  const now = Date.UTC(2026, 10, 22);
  const after = (days: number): Date => new Date(now + days * 86_400_000);
  expect(endsSoon(after(31), now)).toBeNull();
  expect(endsSoon(after(30), now)).toBeNull();
  expect(endsSoon(after(29.9), now)).toBe(29);
  expect(endsSoon(after(0.5), now)).toBe(0);
});

test("the last used way comes first, and phones have no NCALayer", () => {
  const place: Place = { profile: "dev", test: true, ways: ["p12", "ncalayer", "egov_mobile", "egov_business"] };
  expect(waysHere(place, false, null)).toEqual(["ncalayer", "p12", "egov_mobile", "egov_business"]);
  expect(waysHere(place, false, "egov_mobile")[0]).toBe("egov_mobile");
  expect(waysHere(place, true, "ncalayer")).toEqual(["egov_mobile", "egov_business", "p12"]);
  expect(waysHere({ ...place, ways: ["p12"] }, false, "ncalayer")).toEqual(["p12"]);
  expect(onPhone("Mozilla/5.0 (Linux; Android 15) Chrome/142.0 Mobile", 5)).toBe(true);
  expect(onPhone("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0", 10)).toBe(false);
  expect(onPhone("Mozilla/5.0 (Macintosh; Intel Mac OS X 15) Safari/604.1", 5)).toBe(true);
  expect(onPhone("Mozilla/5.0 (Macintosh; Intel Mac OS X 15) Safari/604.1", 0)).toBe(false);
});

test("one asks at a time: a second question ends the first", async () => {
  const first = requestSignatures({ purpose: "document", title: "1", documents: [] });
  const second = requestSignatures({ purpose: "document", title: "2", documents: [] });
  expect(await first).toBeNull();
  expect(asked.value?.request.title).toBe("2");
  asked.value?.answer([{ id: "a", cms: "b" }]);
  expect(await second).toEqual([{ id: "a", cms: "b" }]);
  expect(asked.value).toBeNull();
});

test("documents arrive byte for byte", () => {
  const names = { kk: "а", ru: "б", en: "c" };
  const [one] = toSign([{ id: "act", bytes: btoa("\u0000\u00ff{"), names }]);
  expect(one).toEqual({ id: "act", bytes: Uint8Array.of(0, 255, 123), names, facts: [] });
  const many = Uint8Array.from({ length: 100_000 }, (_, at) => at % 256);
  expect(Uint8Array.from(atob(toBase64(many)), (letter) => letter.charCodeAt(0))).toEqual(many);
});

test("what went wrong has a code, with what its words fill in", () => {
  expect(failed(Object.assign(new Error(), { code: "sign.wrong_pin", left: 3 }))).toEqual({ code: "sign.wrong_pin", params: { count: 3 } });
  expect(failed(Object.assign(new Error(), { code: "sign.expired", left: null }))).toEqual({ code: "sign.expired", params: {} });
  expect(failed(new TypeError("x"))).toEqual({ code: "sign.unexpected", params: {} });
  expect(failed(Object.assign(new Error(), { code: "ENOENT" }))).toEqual({ code: "sign.unexpected", params: {} });
});

test("of an IIN four digits are shown", () => {
  expect(masked(IIN)).toBe("••••••••0007");
});

test("a QR code is drawn module by module, with its quiet frame", () => {
  expect(drawn(["101", "011", "000"])).toBe("M4 4h1v1h-1zM6 4h1v1h-1zM5 5h2v1h-2z");
});
