/** What the stream owner asks of a browser: devices, permission, clock, and word of coming and going. */

/** The browser as far as the camera needs it; tests give a fake. */
export interface CameraWorld {
  media: MediaDevices | undefined;
  secure: boolean;
  permission(): Promise<PermissionState | "unknown">;
  visible(): boolean;
  now(): number;
  every(milliseconds: number, job: () => void): () => void;
  later(milliseconds: number, job: () => void): () => void;
  /** Calls back on visibilitychange, pageshow, focus (awake) and on pagehide (asleep). */
  wakes(awake: () => void, asleep: () => void): void;
  remembered(): string | null;
  remember(lens: string): void;
}
