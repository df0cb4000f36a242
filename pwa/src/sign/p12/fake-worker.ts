/** A worker for tests: the real desk behind a real structured clone, so that what is handed over is gone from the page. */

import { Desk } from "./desk";
import type { WorkerLike } from "./keeper";
import type { FromWorker, ToWorker } from "./messages";

export class FakeWorker implements WorkerLike {
  onmessage: WorkerLike["onmessage"] = null;
  onerror: WorkerLike["onerror"] = null;
  ended = false;
  readonly heard: ToWorker[] = [];
  readonly said: FromWorker[] = [];
  private readonly desk = new Desk();

  postMessage(message: ToWorker, transfer: Transferable[]): void {
    const arrived = structuredClone(message, { transfer });
    this.heard.push(arrived);
    void this.desk.serve(arrived).then((answer) => {
      if (this.ended) return;
      this.said.push(structuredClone(answer));
      this.onmessage?.({ data: answer } as MessageEvent<FromWorker>);
    });
  }

  terminate(): void {
    this.ended = true;
  }
}
