/// <reference lib="webworker" />
/** The one worker that decodes: loads the reader from our own origin and answers one image at a time. */

import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasmUrl from "zxing-wasm/reader/zxing_reader.wasm?url";
import type { FromWorker, ToWorker } from "./messages";
import type { Pixels } from "./luma";
import { type Engine, readImage } from "./reading";

declare const self: DedicatedWorkerGlobalScope;

// Without this the library would fetch its wasm from a public CDN.
prepareZXingModule({ overrides: { locateFile: () => wasmUrl } });

const engine: Engine = (image, options) => readBarcodes(image as ImageData, options);
const givenUp = new Set<number>();
let line: Promise<void> = Promise.resolve();
let canvas: OffscreenCanvas | null = null;

function answer(message: FromWorker): void {
  self.postMessage(message);
}

async function load(): Promise<void> {
  try {
    await prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: true });
    // A first reading of nothing: the engine compiles its hot paths before the first real frame comes.
    await readImage({ width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 4) }, { linear: true, rescues: [] }, engine);
    answer({ kind: "ready" });
  } catch (error) {
    answer({ kind: "failed", reason: String(error) });
  }
}

function pixelsFrom(image: ImageBitmap | Pixels): Pixels {
  if (!("close" in image)) return image;
  const { width, height } = image;
  if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no 2d context");
  context.drawImage(image, 0, 0);
  image.close();
  return context.getImageData(0, 0, width, height);
}

async function read({ id, image, plan }: Extract<ToWorker, { kind: "read" }>): Promise<void> {
  const stopped = (): boolean => givenUp.has(id);
  if (stopped()) {
    if ("close" in image) image.close();
  } else {
    try {
      const reading = await readImage(pixelsFrom(image), plan, engine, stopped);
      if (!stopped()) answer({ kind: "read", id, reading });
    } catch (error) {
      answer({ kind: "error", id, reason: String(error) });
    }
  }
  if (givenUp.delete(id)) answer({ kind: "aborted", id });
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === "abort") givenUp.add(data.id);
  else if (data.kind === "load") line = line.then(load);
  else line = line.then(() => read(data));
};
