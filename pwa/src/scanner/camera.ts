/**
 * The one owner of the camera stream in the whole app. It asks once per visit and keeps the stream between screens
 * (iOS asks again for every call, and a second call kills the first stream), stops it when the page goes away, and
 * restarts a camera that fell silent or black.
 */

import { signal } from "@preact/signals";
import type { CameraWorld } from "./camera-world";
import {
  abilitiesOf,
  type Abilities,
  focusContinuously,
  type Lens,
  lensesOf,
  NO_ABILITIES,
  setTorch,
  setZoom,
  wishedCamera,
} from "./track";

/**
 * prompt: a tap is needed before the browser may ask. black: the camera gives no picture, even after a restart.
 * insecure: the page came over plain HTTP from another machine, where browsers have no camera.
 */
export type CameraState = "idle" | "prompt" | "starting" | "live" | "denied" | "in_use" | "none" | "black" | "insecure";

/** A camera without a frame for this long is restarted, once. */
const SILENT = 1500;
/** A second restart only after the first one gave pictures for a while. */
const RESTART_AGAIN = 10_000;
/** Nobody scans: the stream is kept this long for the way back to a scan screen, then the camera light goes out. */
const LINGER = 90_000;
/** Focus and zoom asked for earlier are lost on many Android cameras. */
const TUNE_AFTER = 600;
const FIRST_ZOOM = 1.5;

export class Camera {
  readonly state = signal<CameraState>("idle");
  readonly stream = signal<MediaStream | null>(null);
  readonly abilities = signal<Abilities>(NO_ABILITIES);
  readonly lenses = signal<Lens[]>([]);
  readonly torch = signal(false);
  readonly zoom = signal(1);

  private users = 0;
  private turn: Promise<void> = Promise.resolve();
  private lastFrame = 0;
  private deadSince: number | null = null;
  private lastRestart = -Infinity;
  private stopWatch: (() => void) | null = null;
  private stopLinger: (() => void) | null = null;
  private wide = false;

  constructor(private readonly world: CameraWorld) {
    world.wakes(
      () => void this.recover(),
      () => this.close(),
    );
  }

  /**
   * A scanner is on the screen. Starts the camera where permission is already given, else waits for `ask`.
   *
   * @param wide no zoom at the start: shelves and conveyors instead of one label.
   * @returns call it when the scanner leaves.
   */
  use(wide = false): () => void {
    this.users += 1;
    this.wide = wide;
    this.stopLinger?.();
    void this.inTurn(() => this.open(false));
    let used = true;
    return () => {
      if (!used) return;
      used = false;
      this.users -= 1;
      if (this.users === 0) this.rest();
    };
  }

  /** The person tapped: the browser may now ask for permission; also "try again". */
  ask(): Promise<void> {
    return this.inTurn(async () => {
      if (this.state.value === "black") this.release();
      await this.open(true);
    });
  }

  /** A frame arrived, read or not: the camera is alive. */
  frame(): void {
    if (this.dead()) return;
    this.lastFrame = this.world.now();
    if (this.state.value === "starting" || this.state.value === "black") this.state.value = "live";
  }

  /** @param dead the last frame is an even black plane, as a camera delivers that was taken away. */
  picture(dead: boolean): void {
    this.deadSince = dead ? (this.deadSince ?? this.world.now()) : null;
  }

  async setTorch(on: boolean): Promise<void> {
    const track = this.track();
    if (track && this.abilities.value.torch && (await setTorch(track, on))) this.torch.value = on;
  }

  async setZoom(zoom: number): Promise<void> {
    const track = this.track();
    const range = this.abilities.value.zoom;
    if (!track || !range) return;
    const wanted = Math.min(range.max, Math.max(range.min, zoom));
    if (await setZoom(track, wanted)) this.zoom.value = wanted;
  }

  /** Switches to the next lens and remembers it for this device. */
  nextLens(): Promise<void> {
    return this.inTurn(async () => {
      const all = this.lenses.value;
      if (all.length < 2) return;
      const current = this.track()?.getSettings().deviceId;
      const next = all[(all.findIndex((lens) => lens.id === current) + 1) % all.length];
      if (!next) return;
      this.world.remember(next.id);
      this.release();
      await this.open(true);
    });
  }

  /** Stops the camera at once. */
  close(): void {
    this.release();
    this.state.value = "idle";
  }

  /** Back in front of the person: the track may be dead or muted without any event having said so. */
  private recover(): Promise<void> {
    return this.inTurn(async () => {
      if (this.users === 0 || !this.world.visible()) return;
      const track = this.track();
      if (track?.readyState === "live" && !track.muted) {
        this.resume(track);
        return;
      }
      const running = this.state.value === "live" || this.state.value === "starting" || this.state.value === "black";
      if (running || this.state.value === "idle" || this.state.value === "in_use") this.release();
      else if (this.state.value === "none") return;
      await this.open(running);
    });
  }

  private async open(byTap: boolean): Promise<void> {
    if (this.users === 0) return;
    const track = this.track();
    if (track?.readyState === "live") {
      this.resume(track);
      return;
    }
    const { media } = this.world;
    if (!media) {
      this.state.value = this.world.secure ? "none" : "insecure";
      return;
    }
    const permission = await this.world.permission();
    if (permission === "denied") {
      this.state.value = "denied";
      return;
    }
    if (permission !== "granted" && !byTap) {
      this.state.value = "prompt";
      return;
    }
    this.state.value = "starting";
    try {
      this.adopt(await this.acquire(media), media);
    } catch (error) {
      this.release();
      this.state.value = await this.reasonOf(error);
    }
  }

  private async acquire(media: MediaDevices): Promise<MediaStream> {
    const lens = this.world.remembered();
    if (!lens) return media.getUserMedia(wishedCamera(null));
    try {
      return await media.getUserMedia(wishedCamera(lens));
    } catch (error) {
      // Device ids change when site data is cleared; the remembered lens is then unknown.
      if (nameOf(error) !== "OverconstrainedError" && nameOf(error) !== "NotFoundError") throw error;
      return media.getUserMedia(wishedCamera(null));
    }
  }

  private adopt(stream: MediaStream, media: MediaDevices): void {
    const track = stream.getVideoTracks()[0];
    if (!track || this.users === 0) {
      for (const each of stream.getTracks()) each.stop();
      this.state.value = track ? "idle" : "none";
      return;
    }
    track.addEventListener("ended", () => {
      if (this.track() === track) void this.recover();
    });
    this.stream.value = stream;
    this.watch();
    this.world.later(TUNE_AFTER, () => void this.tune(track, media));
  }

  private async tune(track: MediaStreamTrack, media: MediaDevices): Promise<void> {
    if (this.track() !== track) return;
    this.abilities.value = abilitiesOf(track);
    this.lenses.value = await lensesOf(media);
    await focusContinuously(track);
    if (!this.wide) await this.setZoom(FIRST_ZOOM);
  }

  private async reasonOf(error: unknown): Promise<CameraState> {
    switch (nameOf(error)) {
      case "NotAllowedError":
      case "SecurityError":
        // A question closed without an answer may be asked again.
        return (await this.world.permission()) === "prompt" ? "prompt" : "denied";
      case "NotReadableError":
      case "AbortError":
        return "in_use";
      default:
        return "none";
    }
  }

  private resume(track: MediaStreamTrack): void {
    track.enabled = true;
    this.watch();
    if (this.state.value !== "live") this.state.value = "starting";
  }

  /** Between screens: no pictures, but the permission and the stream stay for a while. */
  private rest(): void {
    this.stopWatch?.();
    this.stopWatch = null;
    const track = this.track();
    if (!track) return;
    void this.setTorch(false);
    track.enabled = false;
    this.stopLinger = this.world.later(LINGER, () => this.close());
  }

  private watch(): void {
    this.lastFrame = this.world.now();
    this.deadSince = null;
    this.stopWatch ??= this.world.every(250, () => this.look());
  }

  private look(): void {
    const now = this.world.now();
    if (!this.world.visible()) {
      this.lastFrame = now;
      return;
    }
    if ((now - this.lastFrame < SILENT && !this.dead()) || this.state.value === "black") return;
    if (now - this.lastRestart < RESTART_AGAIN) {
      this.state.value = "black";
      return;
    }
    this.lastRestart = now;
    this.lastFrame = now;
    this.deadSince = null;
    void this.inTurn(async () => {
      if (this.users === 0) return;
      this.release();
      await this.open(true);
    });
  }

  private dead(): boolean {
    return this.deadSince !== null && this.world.now() - this.deadSince >= SILENT;
  }

  private release(): void {
    this.stopWatch?.();
    this.stopWatch = null;
    this.stopLinger?.();
    for (const track of this.stream.value?.getTracks() ?? []) track.stop();
    this.stream.value = null;
    this.torch.value = false;
    this.zoom.value = 1;
    this.abilities.value = NO_ABILITIES;
  }

  private track(): MediaStreamTrack | undefined {
    return this.stream.value?.getVideoTracks()[0];
  }

  /** One change at a time: three wake-up events in a row must not open the camera three times. */
  private inTurn(job: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(job, job);
    return this.turn;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}
