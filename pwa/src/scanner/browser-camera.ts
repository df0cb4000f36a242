/** The real browser behind the camera, and the app's one Camera. */

import { Camera } from "./camera";
import type { CameraWorld } from "./camera-world";

const LENS = "tanba.lens";

const browser: CameraWorld = {
  media: navigator.mediaDevices as MediaDevices | undefined,
  secure: window.isSecureContext,
  async permission() {
    try {
      return (await navigator.permissions.query({ name: "camera" as PermissionName })).state;
    } catch {
      // Older Firefox and Safari do not know the name.
      return "unknown";
    }
  },
  visible: () => document.visibilityState === "visible",
  now: () => performance.now(),
  every(milliseconds, job) {
    const timer = setInterval(job, milliseconds);
    return () => clearInterval(timer);
  },
  later(milliseconds, job) {
    const timer = setTimeout(job, milliseconds);
    return () => clearTimeout(timer);
  },
  wakes(awake, asleep) {
    document.addEventListener("visibilitychange", awake);
    window.addEventListener("pageshow", awake);
    window.addEventListener("focus", awake);
    window.addEventListener("pagehide", asleep);
  },
  remembered() {
    try {
      return localStorage.getItem(LENS);
    } catch {
      return null;
    }
  },
  remember(lens) {
    try {
      localStorage.setItem(LENS, lens);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  },
};

export const camera = new Camera(browser);
