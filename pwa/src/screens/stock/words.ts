/** States and addresses of codes and boxes. */

import type { Standing, StockCode } from "../../api/stock";
import { hasWords, t } from "../../i18n";
import type { Tone } from "../../ui/list";

export const TONES: Record<Standing, Tone> = { free: "ok", in_act: "brand", held: "stop", not_yet: "care", gone: "quiet" };

export function stateWords({ state, flags }: Pick<StockCode, "state" | "flags">): string {
  const beside = flags.map((flag) => `stock.flag_${flag}`).filter(hasWords).map((key) => t(key));
  return [t(`stock.state_${state}`), ...beside].join(", ");
}

/** The end of a code, by which it is found on the label. */
export const tail = (code: string): string => code.slice(-8);

export const codeHref = (code: string): string => `/stock/codes/${encodeURIComponent(code)}`;
export const boxHref = (sscc: string): string => `/stock/boxes/${sscc}`;
