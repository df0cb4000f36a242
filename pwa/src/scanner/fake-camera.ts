/** A browser with cameras for the tests of the stream owner. */

import { Camera } from "./camera";
import type { CameraWorld } from "./camera-world";

/** One camera track that notes what was wished of it. */
class FakeTrack extends EventTarget {
  readyState = "live";
  muted = false;
  enabled = true;
  wishes: Record<string, unknown>[] = [];
  constructor(
    readonly id: string,
    private readonly can: Record<string, unknown>,
  ) {
    super();
  }
  stop(): void {
    this.readyState = "ended";
  }
  getSettings(): { deviceId: string } {
    return { deviceId: this.id };
  }
  getCapabilities(): Record<string, unknown> {
    return this.can;
  }
  async applyConstraints({ advanced }: { advanced: Record<string, unknown>[] }): Promise<void> {
    this.wishes.push(...advanced);
  }
}

/** A browser with one or more cameras and a clock that moves when told. */
export class FakeWorld {
  time = 0;
  permission: PermissionState | "unknown" = "granted";
  visible = true;
  lens: string | null = null;
  can: Record<string, unknown> = {};
  lenses = ["main"];
  refusals: string[] = [];
  asked: MediaStreamConstraints[] = [];
  tracks: FakeTrack[] = [];
  awake: () => void = () => undefined;
  asleep: () => void = () => undefined;
  media = true;
  secure = true;
  private jobs = new Set<{ at: number; every: number | null; run: () => void }>();

  get track(): FakeTrack {
    const last = this.tracks.at(-1);
    if (!last) throw new Error("no track yet");
    return last;
  }

  camera(): Camera {
    const media = {
      getUserMedia: async (wish: MediaStreamConstraints) => {
        this.asked.push(wish);
        const refusal = this.refusals.shift();
        if (refusal) throw Object.assign(new Error(refusal), { name: refusal });
        const video = wish.video as { deviceId?: { exact: string } };
        const track = new FakeTrack(video.deviceId?.exact ?? this.lenses[0] ?? "", this.can);
        this.tracks.push(track);
        return { getVideoTracks: () => [track], getTracks: () => [track] };
      },
      enumerateDevices: async () => this.lenses.map((deviceId) => ({ kind: "videoinput", deviceId, label: deviceId })),
    };
    const world: CameraWorld = {
      media: this.media ? (media as unknown as MediaDevices) : undefined,
      secure: this.secure,
      permission: async () => this.permission,
      visible: () => this.visible,
      now: () => this.time,
      every: (every, run) => this.plan(every, every, run),
      later: (after, run) => this.plan(after, null, run),
      wakes: (awake, asleep) => {
        this.awake = awake;
        this.asleep = asleep;
      },
      remembered: () => this.lens,
      remember: (lens) => {
        this.lens = lens;
      },
    };
    return new Camera(world);
  }

  private plan(after: number, every: number | null, run: () => void): () => void {
    const job = { at: this.time + after, every, run };
    this.jobs.add(job);
    return () => this.jobs.delete(job);
  }

  /** Lets time pass in steps of 50 ms; `meanwhile` runs at each, such as frames that arrive. */
  async pass(milliseconds: number, meanwhile: () => void = () => undefined): Promise<void> {
    for (const end = this.time + milliseconds; this.time < end; ) {
      this.time += 50;
      meanwhile();
      for (const job of [...this.jobs]) {
        if (job.at > this.time) continue;
        if (job.every === null) this.jobs.delete(job);
        else job.at += job.every;
        job.run();
      }
      await settle();
    }
  }
}

/** Lets everything that waits for nothing but promises happen. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}
