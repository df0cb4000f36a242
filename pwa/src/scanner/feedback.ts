/** Sound and vibration of a scan. The four sounds differ by pitch pattern, so that they work without looking. */

import { signal } from "@preact/signals";
import type { ScanTone } from "./scan";

/** One beep: start and length in seconds, pitch in hertz. */
interface Beep {
  at: number;
  long: number;
  pitch: number;
}

/** Rise = ok, single tick = duplicate, double low = stop, one middle tone = read but not yet judged. */
const SOUNDS: Record<ScanTone, readonly Beep[]> = {
  ok: [
    { at: 0, long: 0.07, pitch: 880 },
    { at: 0.08, long: 0.11, pitch: 1319 },
  ],
  duplicate: [{ at: 0, long: 0.03, pitch: 1760 }],
  stop: [
    { at: 0, long: 0.14, pitch: 220 },
    { at: 0.2, long: 0.2, pitch: 196 },
  ],
  neutral: [{ at: 0, long: 0.06, pitch: 988 }],
};

/** Milliseconds on, off, on. */
const VIBRATIONS: Record<ScanTone, number[]> = { ok: [60], duplicate: [20], stop: [90, 70, 90], neutral: [30] };

const SETTING = "tanba.sound";

function remembered(): boolean {
  try {
    return localStorage.getItem(SETTING) !== "off";
  } catch {
    return true;
  }
}

/** Whether scans sound; the person's choice, kept on the device. */
export const soundOn = signal(remembered());

export function setSound(on: boolean): void {
  soundOn.value = on;
  try {
    localStorage.setItem(SETTING, on ? "on" : "off");
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

let audio: AudioContext | null = null;

/** Browsers allow sound only after a touch: call once at start, it waits for the first one. */
export function unlockSound(): () => void {
  const unlock = (): void => {
    audio ??= typeof AudioContext === "undefined" ? null : new AudioContext();
    if (audio?.state === "suspended") void audio.resume();
  };
  // The touch that opened this screen counts, where the browser says that there was one.
  if (navigator.userActivation?.hasBeenActive) unlock();
  window.addEventListener("pointerdown", unlock, true);
  window.addEventListener("keydown", unlock, true);
  return () => {
    window.removeEventListener("pointerdown", unlock, true);
    window.removeEventListener("keydown", unlock, true);
  };
}

/** Plays and vibrates; silent before the first touch, where sound is off or where the phone cannot. */
export function signalTone(tone: ScanTone): void {
  // Chrome logs an intervention for vibration before the first touch; audio exists only after it.
  if (audio && typeof navigator.vibrate === "function") navigator.vibrate(VIBRATIONS[tone]);
  if (!soundOn.value || !audio || audio.state !== "running") return;
  for (const beep of SOUNDS[tone]) playBeep(audio, beep);
}

function playBeep(context: AudioContext, { at, long, pitch }: Beep): void {
  const start = context.currentTime + at;
  const voice = context.createOscillator();
  const volume = context.createGain();
  voice.type = "triangle";
  voice.frequency.value = pitch;
  // Ramps instead of steps: a hard edge clicks in small loudspeakers.
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.3, start + 0.008);
  volume.gain.setValueAtTime(0.3, start + long);
  volume.gain.linearRampToValueAtTime(0, start + long + 0.03);
  voice.connect(volume).connect(context.destination);
  voice.start(start);
  voice.stop(start + long + 0.04);
}
