/** What a camera can do beyond pictures: light, zoom, focus, other lenses. Only what it says it can is offered. */

/** The members of the Image Capture specification that TypeScript's DOM library does not know. */
interface ExtraCapabilities {
  torch?: boolean;
  zoom?: { min: number; max: number; step?: number };
  focusMode?: string[];
}

export interface Lens {
  id: string;
  label: string;
}

export interface Abilities {
  torch: boolean;
  zoom: { min: number; max: number } | null;
}

export const NO_ABILITIES: Abilities = { torch: false, zoom: null };

/** Beyond this digital zoom only enlarges the blur. */
const LARGEST_ZOOM = 4;

export function abilitiesOf(track: MediaStreamTrack): Abilities {
  const can = capabilities(track);
  const zoom = can.zoom && can.zoom.max > can.zoom.min ? { min: can.zoom.min, max: Math.min(can.zoom.max, LARGEST_ZOOM) } : null;
  return { torch: can.torch === true, zoom };
}

function capabilities(track: MediaStreamTrack): ExtraCapabilities {
  // Firefox has no getCapabilities at all.
  return typeof track.getCapabilities === "function" ? (track.getCapabilities() as ExtraCapabilities) : {};
}

async function apply(track: MediaStreamTrack, wish: Record<string, unknown>): Promise<boolean> {
  try {
    await track.applyConstraints({ advanced: [wish as MediaTrackConstraintSet] });
    return true;
  } catch {
    // A capability that refuses is as good as none; scanning goes on without it.
    return false;
  }
}

export function setTorch(track: MediaStreamTrack, on: boolean): Promise<boolean> {
  return apply(track, { torch: on });
}

export function setZoom(track: MediaStreamTrack, zoom: number): Promise<boolean> {
  return apply(track, { zoom });
}

export async function focusContinuously(track: MediaStreamTrack): Promise<void> {
  if (capabilities(track).focusMode?.includes("continuous")) await apply(track, { focusMode: "continuous" });
}

/** Cameras to switch between; those that look at the person are left out where others remain. */
export async function lensesOf(media: MediaDevices): Promise<Lens[]> {
  const devices = (await media.enumerateDevices()).filter((device) => device.kind === "videoinput" && device.deviceId);
  const away = devices.filter((device) => !/front|user|фронт|алдыңғы/i.test(device.label));
  return (away.length > 0 ? away : devices).map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/** @param lens remembered choice; without one the platform's own rear camera, which is rarely the wrong lens. */
export function wishedCamera(lens: string | null): MediaStreamConstraints {
  return {
    audio: false,
    video: {
      ...(lens ? { deviceId: { exact: lens } } : { facingMode: { ideal: "environment" } }),
      width: { ideal: 1920 },
      height: { ideal: 1080 },
      frameRate: { ideal: 30 },
    },
  };
}
