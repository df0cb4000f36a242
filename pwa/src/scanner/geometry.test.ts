import { describe, expect, it } from "vitest";
import { AIM, cropFor, toBox, visiblePart } from "./geometry";

const video = { width: 1920, height: 1080 };
const phone = { width: 360, height: 540 };

describe("the visible part of a covering video", () => {
  it("is cut at the sides in a narrow box", () => {
    expect(visiblePart(video, phone)).toEqual({ x: 600, y: 0, width: 720, height: 1080 });
  });

  it("is everything before the box has a size", () => {
    expect(visiblePart(video, { width: 0, height: 0 })).toEqual({ x: 0, y: 0, width: 1920, height: 1080 });
  });
});

describe("what is decoded", () => {
  it("is the aim window with a quarter around it, in the middle, unscaled", () => {
    const crop = cropFor(video, phone, false);
    expect(crop.width).toBe(Math.floor(720 * AIM * 1.25));
    expect(crop.height).toBe(crop.width);
    expect(Math.abs(crop.x + crop.width / 2 - 960)).toBeLessThanOrEqual(1);
    expect(Math.abs(crop.y + crop.height / 2 - 540)).toBeLessThanOrEqual(1);
  });

  it("is the whole visible part in bulk", () => {
    expect(cropFor(video, phone, true)).toEqual({ x: 600, y: 0, width: 720, height: 1080 });
  });

  it("never leaves the picture", () => {
    for (const box of [phone, { width: 1280, height: 300 }, { width: 50, height: 900 }]) {
      const crop = cropFor(video, box, false);
      expect(crop.x).toBeGreaterThanOrEqual(0);
      expect(crop.x + crop.width).toBeLessThanOrEqual(video.width);
      expect(crop.y + crop.height).toBeLessThanOrEqual(video.height);
    }
  });
});

it("puts a point of the video where it is seen", () => {
  expect(toBox({ x: 960, y: 540 }, video, phone)).toEqual({ x: 180, y: 270 });
  expect(toBox({ x: 600, y: 0 }, video, phone)).toEqual({ x: 0, y: 0 });
});
