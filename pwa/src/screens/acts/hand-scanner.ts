/** A hand scanner is heard on the whole screen of an act, also while the camera is closed. */

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { listen, type ScanTone, signalTone, unlockSound } from "../../scanner";

/**
 * @param alone no scanner with a camera is open here, which listens itself.
 * @param take null while nothing may be taken, such as over a sheet: the scan sounds refused and presses no button.
 */
export function useHandScanner(alone: boolean, take: ((text: string, symbology: string | null) => ScanTone) | null): void {
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => unlockSound(), []);
  // Without a gap while the camera opens or closes: what is typed meanwhile is a code too.
  useLayoutEffect(
    () => (alone ? listen(({ text, symbology }) => signalTone(latest.current?.(text, symbology) ?? "stop")) : undefined),
    [alone],
  );
}
