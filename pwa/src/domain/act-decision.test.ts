import { expect, test } from "vitest";
import { acceptFound, canonical, type Decision, decisionBytes, photosOf, rejectAll } from "./act-decision";
import { Reconciliation } from "./acts";

const RECEIVER = { bin: "210540000050", name: 'ТОО «Аяқ киім әлемі» "Й"' };
const DECISION = {
  mode: "full" as const,
  rejected: [
    { code: "010487000100001121B/2", reason: "other" as const, words: "Мата жыртық\n€" },
    { code: '010487000100001121AA"<1', reason: "missing" as const, words: "" },
  ],
  extra: ["010487000100002821zz", "00487000100000005001"],
  sampled: 0,
  all_rejected: false,
  place_id: null,
};

/** What backend/signatures/documents.envelope makes of the same content. */
const SERVERS =
  '{"act":"01M812SASVMADT8QV8ZYP3J04R","act_sha256":"abababababababababababababababababababababababababababababababab","all_rejected":false,' +
  '"extra":["00487000100000005001","010487000100002821zz"],"mode":"full","place":null,"receiver":{"bin":"210540000050","name":"ТОО «Аяқ киім әлемі» \\"Й\\""},' +
  '"rejected":[{"code":"010487000100001121AA\\"<1","reason":"missing","words":""},{"code":"010487000100001121B/2","reason":"other","words":"Мата жыртық\\n€"}],' +
  '"sampled":0,"schema":"kz.tanba.act-acceptance/v1"}';

test("the device makes the very bytes that the server makes", () => {
  const bytes = decisionBytes("01M812SASVMADT8QV8ZYP3J04R", "ab".repeat(32), RECEIVER, DECISION);
  expect(new TextDecoder().decode(bytes)).toBe(SERVERS);
});

test("the order of what was decided does not matter, its content does", () => {
  const made = (decision: typeof DECISION): string => new TextDecoder().decode(decisionBytes("a", "b", RECEIVER, decision));
  expect(made({ ...DECISION, rejected: [...DECISION.rejected].reverse(), extra: [...DECISION.extra].reverse() })).toBe(made(DECISION));
  expect(made({ ...DECISION, sampled: 1 })).not.toBe(made(DECISION));
});

test("text is composed and keys stand in the order of their code units", () => {
  expect(canonical({ é: "й", Z: 1, a: [null, true] })).toBe('{"Z":1,"a":[null,true],"é":"й"}');
});

test("photos are part of what is signed, as the server signs them, and nothing stands where there are none", () => {
  const [first, second] = ["f".repeat(64), "0".repeat(64)];
  const decision = {
    ...DECISION,
    rejected: [
      { code: "b", reason: "damaged" as const, words: "", photos: [first, second] },
      { code: "a", reason: "other" as const, words: "ылғал", photos: [] },
    ],
    extra: [],
  };
  const sha256 = "ab".repeat(32);
  const bytes = decisionBytes("01JACT", sha256, { bin: "200240000009", name: "ТОО «Дос»" }, decision);
  expect(new TextDecoder().decode(bytes)).toBe(
    `{"act":"01JACT","act_sha256":"${sha256}","all_rejected":false,"extra":[],"mode":"full","place":null,` +
      '"receiver":{"bin":"200240000009","name":"ТОО «Дос»"},"rejected":[{"code":"a","reason":"other","words":"ылғал"},' +
      `{"code":"b","photos":["${first}","${second}"],"reason":"damaged","words":""}],"sampled":0,"schema":"kz.tanba.act-acceptance/v1"}`,
  );
  expect(photosOf(decision)).toEqual([first, second]);
});

test("every unit of a refused box carries the photos of its line", () => {
  const seen = new Reconciliation(["a", "b", "c"].map((code) => ({ code, card: null, boxes: code === "c" ? [] : ["1"] })));
  for (const code of ["a", "b", "c"]) seen.scan(code);
  const remarks = { missing: { reason: "missing" as const, words: "" }, lines: {}, refused: { "1": { reason: "damaged" as const, words: "", photos: ["p"] } } };
  const { rejected } = acceptFound(seen, remarks, null);
  expect(rejected).toEqual(["a", "b"].map((code) => ({ code, reason: "damaged", words: "", photos: ["p"] })));
});

test("why all is rejected is signed where no unit carries it, and nothing stands there otherwise", () => {
  const all = rejectAll(null, { reason: "other", words: " Мата жыртық " });
  expect(all).toMatchObject({ all_rejected: true, reason: "other", words: "Мата жыртық" });
  const said = (decision: Decision): unknown => JSON.parse(new TextDecoder().decode(decisionBytes("a", "b", RECEIVER, decision)));
  expect(said(all)).toMatchObject({ all_rejected: true, reason: "other", words: "Мата жыртық" });
  expect(said(DECISION)).not.toHaveProperty("reason");
});
