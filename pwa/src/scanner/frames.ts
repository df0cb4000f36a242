/** Frames of a playing video, one in flight: while one is being read, the others are let go. */

import { cropFor, type Rect, type Size } from "./geometry";
import type { Pixels } from "./luma";

/**
 * @param arrived called for every frame, also for those let go.
 * @param work gets the next frame only after its promise for the last one settled.
 * @returns stop.
 */
export function pump(video: HTMLVideoElement, arrived: () => void, work: () => Promise<void>): () => void {
  let stopped = false;
  let busy = false;
  let lastTime = -1;
  let handle = 0;
  const hasCallback = typeof video.requestVideoFrameCallback === "function";

  const next = (): void => {
    handle = hasCallback ? video.requestVideoFrameCallback(onFrame) : requestAnimationFrame(onFrame);
  };
  const onFrame = (): void => {
    if (stopped) return;
    next();
    const fresh = hasCallback || video.currentTime !== lastTime;
    if (!fresh || video.videoWidth === 0) return;
    lastTime = video.currentTime;
    arrived();
    if (busy) return;
    busy = true;
    void work().finally(() => {
      busy = false;
    });
  };
  next();
  return () => {
    stopped = true;
    if (hasCallback) video.cancelVideoFrameCallback(handle);
    else cancelAnimationFrame(handle);
  };
}

export interface Grab {
  image: ImageBitmap | Pixels;
  /** Where the image lies in the video, in video pixels. */
  crop: Rect;
  video: Size;
}

let canvas: HTMLCanvasElement | null = null;

/** Cuts the part to be decoded out of the current frame. */
export async function grab(video: HTMLVideoElement, bulk: boolean): Promise<Grab> {
  const size = { width: video.videoWidth, height: video.videoHeight };
  const crop = cropFor(size, { width: video.clientWidth, height: video.clientHeight }, bulk);
  const { x, y, width, height } = crop;
  if (typeof OffscreenCanvas !== "undefined") {
    return { image: await createImageBitmap(video, x, y, width, height), crop, video: size };
  }
  // Safari before 16.4 cannot draw in a worker.
  canvas ??= document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no 2d context");
  context.drawImage(video, x, y, width, height, 0, 0, width, height);
  return { image: context.getImageData(0, 0, width, height), crop, video: size };
}
