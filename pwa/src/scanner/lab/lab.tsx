/**
 * A bare page around the scanner for measuring it: every scan is logged with its time and, where the video carries
 * one, the number of its frame. `?bulk` reads the whole picture. Not part of the app's build.
 */

import { useSignal } from "@preact/signals";
import { type JSX, render } from "preact";
import { loadFirstLanguage } from "../../i18n";
import "../../ui/tokens.css";
import "../../ui/fonts.css";
import "../../ui/base.css";
import { camera, decode, decoder, readPhoto, type RawScan, Scanner, type ScanTone } from "..";

interface Logged extends Omit<RawScan, "bytes"> {
  /** Milliseconds since the page began. */
  at: number;
  /** Milliseconds since the camera was asked for. */
  sinceStart: number;
  repeat: boolean;
  /** What the video shows at this moment, from its corner squares; -1 = none. */
  frame: number;
}

interface LabWindow {
  lab: { scans: Logged[]; photo: (file: Blob) => Promise<RawScan[]>; decode: typeof decode; camera: typeof camera; decoder: typeof decoder };
}

const scans: Logged[] = [];
let startedAt = 0;
camera.state.subscribe((state) => {
  if (state === "starting" && startedAt === 0) startedAt = performance.now();
});
(window as unknown as LabWindow).lab = { scans, photo: (file) => readPhoto(file, { server: async () => [] }), decode, camera, decoder };

/** Twelve squares of 24 px in the first row: the generator writes the frame's number there, lowest bit first. */
function frameNumber(): number {
  const video = document.querySelector("video");
  if (!video?.videoWidth) return -1;
  const canvas = new OffscreenCanvas(12 * 24, 24);
  const context = canvas.getContext("2d");
  if (!context) return -1;
  context.drawImage(video, 0, 0, 12 * 24, 24, 0, 0, 12 * 24, 24);
  const { data } = context.getImageData(0, 12, 12 * 24, 1);
  let number = 0;
  for (let bit = 0; bit < 12; bit += 1) if ((data[(bit * 24 + 12) * 4] ?? 0) > 127) number |= 1 << bit;
  return number;
}

function log({ text, symbology, source, format, position }: RawScan, repeat: boolean): void {
  const at = performance.now();
  scans.push({ text, symbology, source, format, position, at, sinceStart: at - startedAt, repeat, frame: frameNumber() });
}

function Lab(): JSX.Element {
  const asked = new URLSearchParams(location.search);
  const count = useSignal(0);
  const onScan = (scan: RawScan): ScanTone | void => {
    log(scan, false);
    count.value += 1;
    return asked.has("bulk") ? "ok" : undefined;
  };
  return (
    <div style="position: fixed; inset: 0; background: var(--bg)">
      <Scanner active onScan={onScan} onRepeat={(scan) => log(scan, true)} mode={asked.has("bulk") ? "bulk" : "single"} />
      <output id="count" style="position: fixed; top: 0; right: 0; color: white">
        {count.value}
      </output>
    </div>
  );
}

document.documentElement.dataset.theme = new URLSearchParams(location.search).get("theme") ?? "light";
const root = document.getElementById("lab");
void loadFirstLanguage().then(() => root && render(<Lab />, root));
