/** The time that a verdict is drawn for: green fades while it stands on the screen. */

import { useEffect, useState } from "preact/hooks";
import { FRESH_FOR } from "../../domain/verdict";
import type { Check } from "../../store/history";

/** @returns milliseconds; moves on by itself when the answer stops being fresh, and when the page is shown again. */
export function useNow(check: Check): number {
  const [now, setNow] = useState(Date.now);
  const since = Date.parse(check.answer.checked_at);
  useEffect(() => {
    setNow(Date.now());
    const left = since + FRESH_FOR - Date.now();
    const timer = left > 0 ? setTimeout(() => setNow(Date.now()), left + 500) : undefined;
    const seen = (): void => setNow(Date.now());
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [since]);
  return now;
}
