/**
 * NCALayer, the national authority's program on a computer. It signs through a WebSocket of the same machine: it speaks
 * first (its version), then answers one call at a time. Its own window asks for the key and the password.
 */

import type { Signature, SignDocument, SignRequest } from "./asked";
import { toBase64, type Signer, SigningFailed } from "./signer";

export const ADDRESS = "wss://127.0.0.1:13579/";

/** A program on the same machine answers at once or is not there. */
const CONNECTS_WITHIN = 5_000;
/** Longer while the browser asks the person whether this site may reach programs on the device. */
const ANSWERED_WITHIN = 60_000;

/** Certificates that sign documents carry this extended key usage (emailProtection); those for log-in alone do not. */
const FOR_DOCUMENTS = "1.3.6.1.5.5.7.3.4";
const ARMOUR = /-----[^-]*-----|\s/g;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Browsers are about to rename it; who knows none of these asks nobody. */
const PERMISSIONS = ["loopback-network", "local-network-access", "local-network"];

export type Permission = "granted" | "prompt" | "denied" | "unknown";

export interface Surroundings {
  address?: string;
  open?: (address: string) => WebSocket;
  permission?: () => Promise<Permission>;
  patience?: number;
}

export interface SigningOptions {
  purpose: SignRequest["purpose"];
  /** BIN, or a sole trader's IIN: NCALayer then offers keys of that party only. */
  party?: string | undefined;
  language: string;
  /** "nca-prod" asks for keys of the national authority; elsewhere any authority will do, and the server judges. */
  profile: string;
}

interface Answer {
  status?: boolean;
  code?: string;
  message?: string;
  details?: string;
  body?: { result?: string | string[] };
}

/** Whether the browser lets this site reach programs on this computer. */
export async function permission(): Promise<Permission> {
  for (const name of PERMISSIONS) {
    try {
      return (await navigator.permissions.query({ name: name as PermissionName })).state;
    } catch {
      // This browser knows no such permission.
    }
  }
  return "unknown";
}

/** Asks nothing of NCALayer but its version. */
export async function probe(around: Surroundings = {}): Promise<"running" | "absent" | "blocked"> {
  try {
    const connection = await connect(around, new AbortController().signal);
    connection.close();
    return "running";
  } catch (error) {
    return error instanceof SigningFailed && error.code === "sign.ncalayer_blocked" ? "blocked" : "absent";
  }
}

export function ncalayerSigner(options: SigningOptions, around: Surroundings = {}, onConnected?: () => void): Signer {
  return {
    async sign(given, stop) {
      const connection = await connect(around, stop);
      onConnected?.();
      // A challenge may be renewed while the person chooses a key for the one that NCALayer holds.
      const documents = given.map((one) => ({ ...one }));
      try {
        return signatures(documents, await ask(connection, call(documents, options), stop));
      } finally {
        connection.close();
      }
    },
  };
}

/** @throws SigningFailed `sign.ncalayer_absent`, `sign.ncalayer_blocked` */
async function connect(around: Surroundings, stop: AbortSignal): Promise<WebSocket> {
  const allowed = await (around.permission ?? permission)();
  if (allowed === "denied") throw new SigningFailed("sign.ncalayer_blocked");
  const patience = around.patience ?? (allowed === "prompt" ? ANSWERED_WITHIN : CONNECTS_WITHIN);
  const open = around.open ?? ((address: string) => new WebSocket(address));
  const connection = open(around.address ?? ADDRESS);
  try {
    const greeting = await heard(connection, stop, "sign.ncalayer_absent", patience);
    if (!greeted(greeting)) throw new SigningFailed("sign.ncalayer_other");
    return connection;
  } catch (error) {
    connection.close();
    const answered = await (around.permission ?? permission)();
    if (answered === "denied") throw new SigningFailed("sign.ncalayer_blocked");
    throw error;
  }
}

async function ask(connection: WebSocket, request: unknown, stop: AbortSignal): Promise<Answer> {
  // The person reads, chooses a key and types a password: only closing ends this wait.
  const answer = heard(connection, stop, "sign.ncalayer_gone");
  connection.send(JSON.stringify(request));
  const text = await answer;
  try {
    return JSON.parse(text) as Answer;
  } catch {
    throw new SigningFailed("sign.ncalayer_other");
  }
}

/** The next message that is no heartbeat. @throws SigningFailed `code` when the connection ends or stays silent. */
function heard(connection: WebSocket, stop: AbortSignal, code: string, patience?: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      stop.removeEventListener("abort", stopped);
      connection.onmessage = connection.onclose = connection.onerror = null;
      settle();
    };
    const lost = (): void => end(() => reject(new SigningFailed(code)));
    const stopped = (): void => end(() => reject(new SigningFailed("sign.cancelled", {}, true)));
    const timer = patience === undefined ? undefined : setTimeout(lost, patience);
    connection.onmessage = ({ data }: MessageEvent<unknown>) => {
      const text = String(data);
      if (!text.startsWith("--heartbeat--")) end(() => resolve(text));
    };
    connection.onclose = connection.onerror = lost;
    stop.addEventListener("abort", stopped);
    if (stop.aborted) stopped();
  });
}

function greeted(greeting: string): boolean {
  try {
    return Boolean((JSON.parse(greeting) as { result?: { version?: string } }).result?.version);
  } catch {
    return false;
  }
}

function call(documents: readonly SignDocument[], { purpose, party, language, profile }: SigningOptions): unknown {
  const mine = party ? { [numbersPerson(party) ? "iin" : "bin"]: party } : {};
  return {
    module: "kz.gov.pki.knca.basics",
    method: "sign",
    args: {
      allowedStorages: null,
      format: "cms",
      data: documents.map((one) => toBase64(one.bytes)),
      // A log-in is over in two minutes: no need to make the authority stamp its time.
      signingParams: {
        decode: true,
        encapsulate: false,
        digested: false,
        ...(purpose === "document" && profile !== "dev" ? { tsaProfile: {} } : {}),
      },
      signerParams: {
        extKeyUsageOids: purpose === "document" ? [FOR_DOCUMENTS] : [],
        ...mine,
        // Left out, it means the national authority; empty, any.
        ...(profile === "nca-prod" ? {} : { chain: [] }),
      },
      locale: language,
    },
  };
}

/** The fifth digit of a BIN is 4, 5 or 6; that of an IIN is the first of a day. */
function numbersPerson(number: string): boolean {
  return (number[4] ?? "") < "4";
}

/** @throws SigningFailed */
function signatures(documents: readonly SignDocument[], answer: Answer): Signature[] {
  if (!answer.status) throw refusal(answer);
  const { result } = answer.body ?? {};
  if (result === undefined) throw new SigningFailed("sign.cancelled", {}, true);
  const made = (Array.isArray(result) ? result : [result]).map((one) => String(one).replace(ARMOUR, ""));
  if (made.length !== documents.length || !made.every((one) => BASE64.test(one))) throw new SigningFailed("sign.ncalayer_other");
  return documents.map(({ id }, at) => ({ id, cms: made[at] ?? "" }));
}

function refusal({ code, message, details }: Answer): SigningFailed {
  if (message === "action.canceled") return new SigningFailed("sign.cancelled", {}, true);
  return new SigningFailed("sign.ncalayer_refused", { said: [message, details, code].find(Boolean) ?? "NCALayer" });
}
