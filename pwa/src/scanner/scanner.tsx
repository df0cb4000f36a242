/** The scanner as screens use it: picture, aim window and outlines, and the three ways that need no camera. */

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../i18n";
import { useAwake } from "./awake";
import { camera } from "./browser-camera";
import { Controls } from "./controls";
import { decoder } from "./decoder";
import { signalTone, unlockSound } from "./feedback";
import type { Size } from "./geometry";
import { Icon } from "./icons";
import { type Live, scanLive } from "./live";
import { Notice } from "./notice";
import { Outlines } from "./outlines";
import { listenToPaste } from "./paste";
import type { RawScan, ScanTone } from "./scan";
import css from "./scanner.module.css";
import { forgetsPhotos, takePhotos } from "./taking";
import { Ways } from "./ways";
import { handScanner, listen } from "./wedge";

export interface ScannerProps {
  /** False while something else has the attention: the picture stops, the stream stays for the way back. */
  active: boolean;
  /** One call per code. The answer decides outline and sound; none means "read, not yet judged". */
  onScan(scan: RawScan): ScanTone | void;
  /** Bulk mode: a code that was already reported came into sight again. */
  onRepeat?(scan: RawScan): void;
  /** What to aim at, instead of the usual words. */
  hint?: string;
  /** single: the aim window, one code, forgotten after three seconds. bulk: the whole picture, each code once. */
  mode?: "single" | "bulk";
  /** Stands over the picture's upper edge, such as the chip that says where scans go. */
  children?: ComponentChildren;
}

export function Scanner({ active, onScan, onRepeat, hint, mode = "single", children }: ScannerProps): JSX.Element {
  const stage = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const live = useSignal<Live | null>(null);
  const box = useSignal<Size>({ width: 0, height: 0 });
  const message = useSignal<string | null>(null);
  const latest = useRef({ onScan, onRepeat });
  latest.current = { onScan, onRepeat };
  const bulk = mode === "bulk";
  const typing = useSignal(false);
  const running = active && !handScanner.only.value && !typing.value;

  const deliver = (scan: RawScan): void => {
    message.value = null;
    signalTone(latest.current.onScan(scan) ?? "neutral");
  };
  const photos = (files: readonly Blob[]): void => void takePhotos(files, bulk, deliver, message);

  useEffect(() => startSoon(), []);
  useEffect(() => unlockSound(), []);
  useEffect(() => watchSize(stage.current, (size) => (box.value = size)), []);
  useEffect(() => (running ? camera.use(bulk) : undefined), [running, bulk]);
  // Without a gap: what a hand scanner types between two drawings is a code too.
  useLayoutEffect(() => (active ? listen(deliver) : undefined), [active]);
  useEffect(() => {
    if (!active) return undefined;
    return listenToPaste({
      onText: (text) => deliver({ text, symbology: null, source: "manual", format: "" }),
      onImage: (file) => photos([file]),
    });
  }, [active]);
  useEffect(() => () => forgetsPhotos(), []);

  const stream = camera.stream.value;
  useEffect(() => {
    const element = video.current;
    if (!element || !stream || !running) return undefined;
    element.srcObject = stream;
    // Rejected when the element leaves in between, which is no error.
    void element.play().catch(() => undefined);
    const scanning = scanLive(element, camera, decoder, {
      bulk,
      onScan: (scan) => {
        message.value = null;
        return latest.current.onScan(scan);
      },
      onRepeat: (scan) => latest.current.onRepeat?.(scan),
    });
    live.value = scanning;
    return () => {
      scanning.stop();
      live.value = null;
      element.srcObject = null;
    };
  }, [stream, running, bulk]);

  useAwake(running && camera.state.value === "live");
  useSignalEffect(() => {
    if (camera.state.value === "starting") message.value = null;
  });

  const state = camera.state.value;
  const seen = live.value;
  const tip = useComputed(() => live.value?.hint.value ?? "aim").value;
  const broken = seen?.broken.value ?? false;
  const words = message.value ?? statusWords({ running, active, state, tip, broken, hint: hint ?? (bulk ? t("scanner.aim_bulk") : t("scanner.aim")) });

  return (
    <div class={css.scanner} data-state={running ? state : "off"}>
      <div class={css.stage} ref={stage}>
        <video ref={video} class={css.video} playsInline muted autoplay aria-hidden="true" tabIndex={-1} />
        {seen && <Outlines marks={seen.marks} video={seen.video} box={box.value} />}
        {running && state === "live" && !bulk && <Aim tone={tip} />}
        <div aria-live="polite">{running && <Notice state={state} onAsk={() => void camera.ask()} />}</div>
        {active && handScanner.only.value && <Waiting />}
        {children && <div class={css.over}>{children}</div>}
        {running && state === "live" && <Controls camera={camera} urgent={tip === "too_dark"} />}
      </div>
      <p class={css.status} role="status" data-hint={tip}>
        {words}
      </p>
      <Ways onPhotos={photos} onScan={deliver} typing={typing} urgent={tip === "photo" || state === "black" || broken} />
    </div>
  );
}

interface Situation {
  running: boolean;
  active: boolean;
  state: string;
  tip: string;
  broken: boolean;
  hint: string;
}

function statusWords({ running, active, state, tip, broken, hint }: Situation): string {
  if (!running) return active && handScanner.only.value ? t("scanner.gun_status") : "";
  if (broken) return t("scanner.decoder_broken");
  if (state === "starting" || state === "idle") return t("scanner.starting");
  if (state !== "live") return t("scanner.other_ways");
  switch (tip) {
    case "too_dark":
      return camera.abilities.value.torch && !camera.torch.value ? t("scanner.too_dark_torch") : t("scanner.too_dark");
    case "damaged":
      return t("scanner.damaged");
    case "closer":
      return t("scanner.closer");
    case "photo":
      return t("scanner.offer_photo");
    default:
      return hint;
  }
}

function Waiting(): JSX.Element {
  return (
    <div class={css.waiting}>
      <Icon name="gun" />
      <p>{t("scanner.gun_ready")}</p>
    </div>
  );
}

function Aim({ tone }: { tone: string }): JSX.Element {
  return (
    <svg class={css.aim} data-tone={tone} viewBox="0 0 100 100" aria-hidden="true">
      <path d="M3 22V3h19 M78 3h19v19 M97 78v19H78 M22 97H3V78" />
    </svg>
  );
}

/** The reader is fetched after the first paint: the page must stand before a megabyte of decoder comes. */
function startSoon(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(() => decoder.start(), 0);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

function watchSize(element: HTMLElement | null, told: (size: Size) => void): () => void {
  if (!element) return () => undefined;
  const observer = new ResizeObserver(() => told({ width: element.clientWidth, height: element.clientHeight }));
  observer.observe(element);
  return () => observer.disconnect();
}
