/** The running camera: frames to the decoder, symbols to sightings, sightings to whoever asked for scans. */

import { type Signal, signal } from "@preact/signals";
import type { Camera } from "./camera";
import type { Decoder } from "./decoder";
import { signalTone } from "./feedback";
import { grab, pump } from "./frames";
import type { Size } from "./geometry";
import { DARK, type Hint, hintFor } from "./hints";
import { linearIn, rescueFor } from "./ladder";
import type { Light } from "./luma";
import { type Quad, type RawScan, scanKey, type ScanTone, sideOf } from "./scan";
import { Sightings } from "./sightings";
import { marksIfAny, provesItself } from "./structure";

/** One outlined code; "located" = seen, not readable. */
export interface Mark {
  key: string;
  quad: Quad;
  tone: ScanTone | "located";
  at: number;
}

export interface Live {
  marks: Signal<Mark[]>;
  hint: Signal<Hint>;
  video: Signal<Size>;
  /** The decoder could not be loaded: only typing, a hand scanner and the server remain. */
  broken: Signal<boolean>;
  stop(): void;
}

export interface LiveOptions {
  bulk: boolean;
  onScan(scan: RawScan): ScanTone | void;
  onRepeat(scan: RawScan): void;
}

/** An outline stays this long after its code was last seen, so that it does not flicker. */
const PERSISTS = 300;
/** A located code with a side below this, in video pixels, is worth zooming in on. */
const SMALL = 120;
const ZOOM_STEP = 1.4;
const ZOOM_PAUSE = 1500;
/** Frames in a row that locate a code without reading it, before it is said to be damaged. */
const SURELY_LOCATED = 3;
const BROKEN_PAUSE = 3000;

export function scanLive(video: HTMLVideoElement, camera: Camera, decoder: Decoder, options: LiveOptions): Live {
  const { bulk } = options;
  const marks = signal<Mark[]>([]);
  const hint = signal<Hint>("aim");
  const size = signal<Size>({ width: 0, height: 0 });
  const broken = signal(false);
  const sightings = new Sightings(bulk, provesItself);
  const tones = new Map<string, ScanTone>();
  const gone = new AbortController();
  let frame = 0;
  let since = performance.now();
  let darkSince: number | null = null;
  let locatedAt: number | null = null;
  let locatedFrames = 0;
  let zoomedAt = 0;

  async function work(): Promise<void> {
    try {
      const now = performance.now();
      const { image, crop, video: full } = await grab(video, bulk);
      const rescue = rescueFor(frame);
      const plan = { linear: linearIn(frame, sightings.unconfirmed(now)), rescues: rescue ? [rescue] : [] };
      frame += 1;
      const { scans, light } = await decoder.read(image, plan, gone.signal);
      if (gone.signal.aborted) return;
      broken.value = false;
      if (size.value.width !== full.width || size.value.height !== full.height) size.value = full;
      judgeLight(light);
      digest(scans.map((scan) => ({ ...scan, source: "camera" as const, position: moved(scan.position, crop.x, crop.y) })));
    } catch (error) {
      if (gone.signal.aborted) return;
      if (error instanceof Error && error.name === "DecoderUnavailable") {
        broken.value = true;
        await new Promise((resolve) => setTimeout(resolve, BROKEN_PAUSE));
      }
      // Anything else is one bad frame (the camera switched in the middle of it): the next one comes.
    }
  }

  function judgeLight(light: Light): void {
    camera.picture(light.mean < 3 && light.spread < 4);
    darkSince = light.mean < DARK ? (darkSince ?? performance.now()) : null;
  }

  function digest(scans: RawScan[]): void {
    const now = performance.now();
    const read = scans.filter((scan) => !scan.located);
    let reported = false;
    for (const scan of bulk ? read : marksIfAny(read)) {
      if (!bulk && reported) break;
      const sighting = sightings.see(scan, now);
      if (sighting === "unsure" || sighting === "known") continue;
      report(scan, sighting === "again");
      reported = true;
    }
    if (read.length > 0) since = now;
    const located = scans.filter((scan) => scan.located);
    locatedFrames = located.length > 0 ? locatedFrames + 1 : 0;
    // One blurred frame is no damaged code.
    const damaged = locatedFrames >= SURELY_LOCATED;
    if (damaged) locatedAt = now;
    outline(damaged ? scans : scans.filter((scan) => !scan.located), now);
    if (damaged) zoomOnto(located, read.length > 0, now);
    hint.value = hintFor({ now, since, darkSince, locatedAt });
  }

  function report(scan: RawScan, again: boolean): void {
    const key = scanKey(scan);
    if (again) {
      tones.set(key, "duplicate");
      signalTone("duplicate");
      options.onRepeat(scan);
      return;
    }
    const tone = options.onScan(scan) ?? "neutral";
    tones.set(key, tone);
    signalTone(tone);
  }

  function outline(scans: readonly RawScan[], now: number): void {
    const fresh = scans.flatMap((scan, index): Mark[] => {
      if (!scan.position) return [];
      const key = scan.located ? `located-${index}` : scanKey(scan);
      const tone = scan.located ? "located" : (tones.get(key) ?? "neutral");
      return [{ key, quad: scan.position, tone, at: now }];
    });
    const keys = new Set(fresh.map((mark) => mark.key));
    const lingering = marks.value.filter((mark) => !keys.has(mark.key) && now - mark.at < PERSISTS);
    if (fresh.length > 0 || marks.value.length > 0) marks.value = [...fresh, ...lingering];
  }

  function zoomOnto(located: readonly RawScan[], readSomething: boolean, now: number): void {
    const small = located.some((scan) => scan.position && sideOf(scan.position) < SMALL);
    if (!small || readSomething || bulk || now - zoomedAt < ZOOM_PAUSE) return;
    zoomedAt = now;
    void camera.setZoom(camera.zoom.value * ZOOM_STEP);
  }

  const stopPump = pump(video, () => camera.frame(), work);
  return {
    marks,
    hint,
    video: size,
    broken,
    stop() {
      gone.abort();
      stopPump();
    },
  };
}

function moved(quad: Quad | undefined, x: number, y: number): Quad | undefined {
  if (!quad) return undefined;
  const [a, b, c, d] = quad;
  const by = ({ x: px, y: py }: { x: number; y: number }): { x: number; y: number } => ({ x: px + x, y: py + y });
  return [by(a), by(b), by(c), by(d)];
}
