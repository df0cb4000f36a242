/** Between the pixels of the video and what the person sees of it (object-fit: cover). */

import type { Point } from "./scan";

export interface Size {
  width: number;
  height: number;
}

export interface Rect extends Size {
  x: number;
  y: number;
}

/** Part of the video that is visible in a box it covers, in video pixels. */
export function visiblePart(video: Size, box: Size): Rect {
  if (box.width <= 0 || box.height <= 0) return { x: 0, y: 0, ...video };
  const scale = Math.max(box.width / video.width, box.height / video.height);
  const width = Math.min(video.width, box.width / scale);
  const height = Math.min(video.height, box.height / scale);
  return { x: (video.width - width) / 2, y: (video.height - height) / 2, width, height };
}

/** The aim window takes this share of the shorter side of the box. */
export const AIM = 0.72;

/**
 * What is decoded of a frame, in whole video pixels: the aim window and a quarter around it, because people rarely
 * centre a label; the whole visible part in bulk mode. It is cropped, never scaled: small modules need every pixel.
 */
export function cropFor(video: Size, box: Size, bulk: boolean): Rect {
  const seen = visiblePart(video, box);
  const side = Math.min(seen.width, seen.height) * AIM * 1.25;
  const width = Math.floor(bulk ? seen.width : Math.min(seen.width, side));
  const height = Math.floor(bulk ? seen.height : Math.min(seen.height, side));
  return {
    x: Math.floor(seen.x + (seen.width - width) / 2),
    y: Math.floor(seen.y + (seen.height - height) / 2),
    width,
    height,
  };
}

/** A point of the video in CSS pixels of the box. */
export function toBox(point: Point, video: Size, box: Size): Point {
  const scale = Math.max(box.width / video.width, box.height / video.height);
  return {
    x: (point.x - video.width / 2) * scale + box.width / 2,
    y: (point.y - video.height / 2) * scale + box.height / 2,
  };
}
