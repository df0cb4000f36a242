/** What the browser does while a phone signs. */

import { expect, test } from "vitest";
import { ApiError } from "../api/client";
import type { SignDocument } from "./asked";
import { egovSigner, type Laid, type PhoneSigner, type Progress, type Server } from "./egov";
import { SigningFailed } from "./signer";

const SIGNER: PhoneSigner = { name: "ӘЛИЯ", iin: "••••••••0007", bin: null, organisation: null };
const LAID: Laid = { id: "session", qr: ["1"], link: "https://m.egov.kz/", expires_at: "2026-11-22T10:05:00Z", seconds: 300 };
const SIGNATURES = [
  { id: "d1", cms: "two" },
  { id: "d0", cms: "one" },
];

function progress(state: Progress["state"]): Progress {
  const signed = state === "signed";
  return { state, expires_at: LAID.expires_at, signer: signed ? SIGNER : null, signatures: signed ? SIGNATURES : null };
}

function documents(): SignDocument[] {
  const names = { kk: "а", ru: "б", en: "c" };
  return ["d0", "d1"].map((id) => ({ id, bytes: new Uint8Array(), names, facts: [] }));
}

/** A server that answers as told, one answer a question. */
function phone(...answers: (Progress | ApiError)[]): { server: Server; given: string[] } {
  const given: string[] = [];
  return {
    given,
    server: {
      lay: () => Promise.resolve(LAID),
      progress: () => {
        const next = answers.shift() ?? progress("expired");
        return next instanceof ApiError ? Promise.reject(next) : Promise.resolve(next);
      },
      giveUp: (id) => Promise.resolve(given.push(id)),
      pause: () => Promise.resolve(),
    },
  };
}

function watched(mine = true): { seen: string[]; watching: Parameters<typeof egovSigner>[1] } {
  const seen: string[] = [];
  return {
    seen,
    watching: {
      onLaid: () => seen.push("laid"),
      onFetched: () => seen.push("fetched"),
      onReached: (reached) => seen.push(reached ? "reached" : "lost"),
      confirm: ({ name }) => Promise.resolve(seen.push(name) > 0 && mine),
    },
  };
}

const never = (): AbortSignal => new AbortController().signal;

async function failure(signing: Promise<unknown>): Promise<unknown> {
  return signing.then(
    () => null,
    (reason: unknown) => reason,
  );
}

test("from the code to the signatures, in the documents' order", async () => {
  const { server, given } = phone(progress("created"), progress("fetched"), progress("fetched"), progress("signed"));
  const { seen, watching } = watched();
  const made = await egovSigner("mobile", watching, server).sign(documents(), never());
  expect(made).toEqual([
    { id: "d0", cms: "one" },
    { id: "d1", cms: "two" },
  ]);
  expect(seen.filter((one) => one !== "reached")).toEqual(["laid", "fetched", "ӘЛИЯ"]);
  expect(given).toEqual([]);
});

test("a signer whom the person does not know is not taken", async () => {
  const { server, given } = phone(progress("signed"));
  const error = await failure(egovSigner("mobile", watched(false).watching, server).sign(documents(), never()));
  expect(error).toMatchObject({ code: "sign.stranger" });
  expect(given).toEqual(["session"]);
});

test("a lost network is waited out, a refusal is not", async () => {
  const lost = phone(new ApiError("network.unreachable", 0), progress("signed"));
  const { seen, watching } = watched();
  expect(await egovSigner("mobile", watching, lost.server).sign(documents(), never())).toHaveLength(2);
  expect(seen).toEqual(["laid", "lost", "reached", "ӘЛИЯ"]);
  const gone = phone(new ApiError("signatures.session_unknown", 404), progress("signed"));
  expect(await failure(egovSigner("mobile", watched().watching, gone.server).sign(documents(), never()))).toMatchObject({
    code: "signatures.session_unknown",
  });
});

test("a code that ran out says so", async () => {
  const error = await failure(egovSigner("business", watched().watching, phone(progress("expired")).server).sign(documents(), never()));
  expect(error).toMatchObject({ code: "signatures.session_ended", quiet: false });
});

test("closing the sheet takes the documents back from the server, quietly", async () => {
  const stop = new AbortController();
  const { server, given } = phone(progress("created"));
  const pausing: Server = { ...server, pause: () => Promise.resolve(stop.abort()) };
  const error = await failure(egovSigner("mobile", watched().watching, pausing).sign(documents(), stop.signal));
  expect(error).toBeInstanceOf(SigningFailed);
  expect(error).toMatchObject({ quiet: true });
  expect(given).toEqual(["session"]);
});

test("a challenge that is renewed meanwhile is not mistaken for the one that was signed", async () => {
  const asked = documents();
  const { server } = phone(progress("signed"));
  const signing = egovSigner("mobile", watched().watching, server).sign(asked, never());
  Object.assign(asked[0] as SignDocument, { id: "renewed" });
  expect((await signing)[0]).toEqual({ id: "d0", cms: "one" });
});
