/** What is known of signing here: the installation's ways and force, and what this person used last on this device. */

import { call } from "../api/client";
import type { components } from "../api/schema";

export type Place = components["schemas"]["SigningOut"];
export type Way = Place["ways"][number];

const KNOWN = "tanba.signing";
const LAST = "tanba.sign_way";

/** Until the server has said: no promise of legal force, and the ways that need nobody's agreement. */
const UNKNOWN: Place = { profile: "dev", test: false, ways: ["p12", "ncalayer"] };

/** What the server said when last asked, at once. */
export function placeKnown(): Place {
  const kept = read(KNOWN);
  return kept ? (JSON.parse(kept) as Place) : UNKNOWN;
}

/** What the server says now; what it said before where it cannot be reached. */
export async function askPlace(): Promise<Place> {
  try {
    const place = await call<Place>("/api/v1/signing");
    write(KNOWN, JSON.stringify(place));
    return place;
  } catch {
    return placeKnown();
  }
}

/** NCALayer runs on computers only. */
export function onPhone(agent = navigator.userAgent, fingers = navigator.maxTouchPoints): boolean {
  // An iPad calls itself a Macintosh, but no Macintosh has a touch screen.
  return /Android|iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && fingers > 1);
}

/** The ways there are on this device, the last used one first. */
export function waysHere(place: Place, phone: boolean, last = read(LAST)): Way[] {
  const here = place.ways.filter((way) => !(phone && way === "ncalayer"));
  // Whoever holds a phone most likely has eGov Mobile on it; on a computer keys lie in files and in NCALayer.
  const usual: Way[] = phone ? ["egov_mobile", "egov_business", "p12"] : ["ncalayer", "p12", "egov_mobile", "egov_business"];
  const order = last ? [last, ...usual] : usual;
  return here.sort((one, other) => order.indexOf(one) - order.indexOf(other));
}

export function usedWay(way: Way): void {
  write(LAST, way);
}

/** NCALayer was reached from this browser before, so its question needs no explaining. */
export function connectedBefore(): boolean {
  return read("tanba.ncalayer") === "1";
}

export function connectedNow(): void {
  write("tanba.ncalayer", "1");
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage is blocked: next time the sheet asks anew.
  }
}
