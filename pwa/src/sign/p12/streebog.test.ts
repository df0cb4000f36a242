import { expect, test } from "vitest";
import { hmacStreebog512, streebog512 } from "./streebog";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
/** RFC 6986 prints messages and digests as numbers, most significant byte first. */
const number = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex")).reverse();

test.each([
  [
    "323130393837363534333231303938373635343332313039383736353433323130393837363534333231303938373635343332313039383736353433323130",
    "486f64c1917879417fef082b3381a4e211c324f074654c38823a7b76f830ad00fa1fbae42b1285c0352f227524bc9ab16254288dd6863dccd5b9f54a1ad0541b",
  ],
  [
    "fbe2e5f0eee3c820fbeafaebef20fffbf0e1e0f0f520e0ed20e8ece0ebe5f0f2f120fff0eeec20f120faf2fee5e2202ce8f6f3ede220e8e6eee1e8f0f2d1202ce8f0f2e5e220e5d1",
    "28fbc9bada033b1460642bdcddb90c3fb3e56c497ccd0f62b8a2ad4935e85f037613966de4ee00531ae60f3b5a47f8dae06915d5f2f194996fcabf2622e6881e",
  ],
])("RFC 6986 §10.%#", (message, digest) => {
  expect(hex(streebog512(number(message)).reverse())).toBe(digest);
});

test.each([
  [64, "2ae581f18ae85e3596c936acbef910f2ed70dcf91ed5d24b39a5af657bf8232a303d686056c8c00bf30d42e16ce255426fa8a155dcb3eb822d925808f7c7e345"],
  [128, "a8d65e689c89d8cd4616215d14ebfc02993bde3f5c7d7219904d87848ce9249e7ce3525ae605d85a3596457c880f938eead974b91f61203d31665ca6f3a1decc"],
  [1000, "872c9f5c69c7c9785ba68b8bb8f8c20c75dc0267436bdd96990dfda9a00bd232e6c87ec47edd1d275864880434368e0f15fce145fdd126cfe1ac78455e5f7686"],
])("whole blocks and many, as gostcrypto has it: %i bytes", (length, digest) => {
  expect(hex(streebog512(Uint8Array.from({ length }, (_, at) => at % 251)))).toBe(digest);
});

test("the empty message", () => {
  expect(hex(streebog512(new Uint8Array()))).toBe(
    "8e945da209aa869f0455928529bcae4679e9873ab707b55315f56ceb98bef0a7362f715528356ee83cda5f2aac4c6ad2ba3a715c1bcd81cb8e9f90bf4c1c1a8a",
  );
});

test("RFC 7836 A.1.2: HMAC_GOSTR3411_2012_512", () => {
  const key = Uint8Array.from({ length: 32 }, (_, at) => at);
  const data = new Uint8Array(Buffer.from("0126bdb87800af214341456563780100", "hex"));
  expect(hex(hmacStreebog512(key, data))).toBe(
    "a59bab22ecae19c65fbde6e5f4e9f5d8549d31f037f9df9b905500e171923a773d5f1530f2ed7e964cb2eedc29e9ad2f3afe93b2814f79f5000ffc0366c251e6",
  );
});
