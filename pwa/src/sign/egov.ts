/** A phone signs: the server lays the documents out, the phone takes them, and this browser asks how far it is. */

import { ApiError, call, newKey } from "../api/client";
import type { components } from "../api/schema";
import type { Signature, SignDocument } from "./asked";
import { toBase64, type Signer, SigningFailed } from "./signer";

export type App = "mobile" | "business";
export type Laid = components["schemas"]["SigningSessionOut"];
export type Progress = components["schemas"]["SigningSessionStateOut"];
export type PhoneSigner = components["schemas"]["PhoneSigner"];

const ASKED_EVERY = 2_000;

export interface Watching {
  /** The code is there to be shown. */
  onLaid(laid: Laid): void;
  /** The phone has taken the documents. */
  onFetched(): void;
  /** The server cannot be reached at the moment, or can again. */
  onReached(reached: boolean): void;
  /** Who signed, to be confirmed before it counts: somebody else may have scanned the code. */
  confirm(signer: PhoneSigner): Promise<boolean>;
}

export interface Server {
  lay(documents: readonly SignDocument[], app: App): Promise<Laid>;
  progress(id: string, stop: AbortSignal): Promise<Progress>;
  giveUp(id: string): Promise<unknown>;
  /** Until it is time to ask again. */
  pause(stop: AbortSignal): Promise<void>;
}

export const server: Server = {
  lay: (documents, app) =>
    call<Laid>("/api/v1/signing-sessions", {
      method: "POST",
      body: { app, documents: documents.map(({ id, bytes, names }) => ({ id, bytes: toBase64(bytes), names })) },
    }),
  progress: (id, stop) => call<Progress>(`/api/v1/signing-sessions/${id}`, { signal: stop }),
  giveUp: (id) => call(`/api/v1/signing-sessions/${id}`, { method: "DELETE", key: newKey() }),
  pause,
};

export function egovSigner(app: App, watching: Watching, asking: Server = server): Signer {
  return {
    async sign(given, stop) {
      // A challenge may be renewed while the phone signs the one that it was shown.
      const documents = given.map((one) => ({ ...one }));
      const laid = await asking.lay(documents, app);
      let taken: Signature[] | null = null;
      try {
        if (stop.aborted) throw cancelled();
        watching.onLaid(laid);
        const { signer, signatures } = await signed(laid.id, watching, asking, stop);
        if (!(await watching.confirm(signer))) throw new SigningFailed("sign.stranger");
        taken = inOrder(documents, signatures);
        return taken;
      } finally {
        // What was laid out and not taken is taken back; if that fails, it runs out by itself.
        if (!taken) void asking.giveUp(laid.id).catch(() => undefined);
      }
    },
  };
}

async function signed(
  id: string,
  watching: Watching,
  asking: Server,
  stop: AbortSignal,
): Promise<{ signer: PhoneSigner; signatures: Signature[] }> {
  for (let fetched = false; ; ) {
    await asking.pause(stop);
    if (stop.aborted) throw cancelled();
    const now = await reached(asking.progress(id, stop), watching, stop);
    if (now?.state === "fetched" && !fetched) {
      fetched = true;
      watching.onFetched();
    }
    if (now?.state === "expired") throw new SigningFailed("signatures.session_ended");
    if (now?.state === "rejected") throw cancelled();
    if (now?.state === "signed" && now.signer && now.signatures) return { signer: now.signer, signatures: now.signatures };
  }
}

/** Null when the server cannot be reached just now: the phone has a network of its own and may be signing. */
async function reached(asked: Promise<Progress>, watching: Watching, stop: AbortSignal): Promise<Progress | null> {
  try {
    const progress = await asked;
    watching.onReached(true);
    return progress;
  } catch (error) {
    if (stop.aborted) throw cancelled();
    if (!(error instanceof ApiError) || !error.passing) throw error;
    watching.onReached(false);
    return null;
  }
}

function inOrder(documents: readonly SignDocument[], signatures: readonly Signature[]): Signature[] {
  return documents.map(({ id }) => {
    const found = signatures.find((one) => one.id === id);
    if (!found) throw new SigningFailed("signatures.session_answer_wrong");
    return found;
  });
}

function cancelled(): SigningFailed {
  return new SigningFailed("sign.cancelled", {}, true);
}

/** Two seconds, or until the person comes back from the app on the same phone. */
function pause(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", shown);
      stop.removeEventListener("abort", end);
      resolve();
    };
    const shown = (): void => {
      if (document.visibilityState === "visible") end();
    };
    const timer = setTimeout(end, ASKED_EVERY);
    document.addEventListener("visibilitychange", shown);
    stop.addEventListener("abort", end);
    if (stop.aborted) end();
  });
}
