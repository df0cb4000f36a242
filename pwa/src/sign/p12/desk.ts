/** The worker's side without the worker: keys that are open, and the orders that they take. */

import type { Bytes } from "./der";
import { openKeys, type Pair, signWith } from "./engine";
import { SignError } from "./errors";
import type { Answers, FromWorker, KeyFacts, Order, ToWorker } from "./messages";
import { seal, unseal } from "./sealing";

/** One per worker; holds what it opened until the worker is terminated. */
export class Desk {
  private pairs: Pair[] = [];

  async serve({ id, ...order }: ToWorker): Promise<FromWorker> {
    try {
      return { id, done: await this.carryOut(order as Order) };
    } catch (error) {
      if (!(error instanceof SignError)) return { id, failed: "sign.unavailable", detail: {} };
      return { id, failed: error.code, detail: { at: error.at ?? undefined, left: error.left ?? undefined } };
    }
  }

  private async carryOut(order: Order): Promise<Answers[keyof Answers]> {
    switch (order.kind) {
      case "open":
        return this.open(order.file, order.password, order.now);
      case "sign": {
        const pair = this.pairs[order.key];
        if (!pair) throw new SignError("sign.closed");
        return signWith(pair, order.document, order.at);
      }
      case "seal":
        return seal(order.file, order.password, order.pin, order.device);
      case "unseal": {
        const { file, password } = await unseal(order.sealed, order.pin, order.device);
        return this.open(file, password, order.now);
      }
    }
  }

  private async open(file: Bytes, password: Bytes, now: Date): Promise<KeyFacts[]> {
    this.pairs = await openKeys(file, password, now);
    return this.pairs.map(({ key, certificate }) => ({
      subject: certificate.subject,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      algorithm: key.algorithm,
      canSign: certificate.canSign,
      roles: certificate.roles,
      test: certificate.test,
    }));
  }
}
