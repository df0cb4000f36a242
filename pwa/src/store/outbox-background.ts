/** Sending while nobody looks at the app: the build gives this to the service worker, whom the browser wakes for it. */

import { ApiError, call } from "../api/client";
import { surely } from "./db";
import { NAME, ownerOf, type Sender, sendNext } from "./outbox-sending";
import type { Me } from "./session";

/**
 * Sends what waits of whoever is signed in, as a tab does.
 * @throws Error where something could not be sent now: the browser comes back with it later.
 */
export async function drain(): Promise<void> {
  if ((await surely((db) => db.count("outbox"))) === 0) return;
  const owner = await whose();
  if (owner === null) return;
  const sender: Sender = { may: (one) => one.owner === owner, begins: () => undefined, taken: () => Promise.resolve() };
  const skipped = new Set<string>();
  const channel = new BroadcastChannel(NAME);
  let left = false;
  try {
    for (let sent = await sendNext(sender, skipped); sent; sent = await sendNext(sender, skipped)) {
      channel.postMessage("changed");
      const { operation, outcome } = sent;
      if (outcome === "signed_out") return;
      if (outcome === "later" || outcome === "stop") left = true;
      if (outcome === "stop") break;
      if (outcome === "later") skipped.add(operation.subject);
    }
  } finally {
    channel.close();
  }
  if (left) throw new Error("something still waits");
}

/**
 * Lets a page in front send what waits. It may be closed any moment, and what it asks for while it closes is often lost:
 * so the browser is not told that all is done.
 * @throws Error while something waits: the browser comes back, and by then the page may be gone.
 */
export async function stay(): Promise<void> {
  const kept = await surely((db) => db.getAll("outbox"));
  if (kept.some(({ refused }) => refused === null)) throw new Error("a page still sends");
}

/** Whose the session is, by the server's word; null where it is nobody's. @throws ApiError */
async function whose(): Promise<string | null> {
  try {
    return ownerOf(await call<Me>("/api/v1/me"));
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
}
