/**
 * Dates, numbers, money and order in Kazakh, Russian and English.
 *
 * Our own tables: Chromium claims to know Kazakh and prints "2026 M11 22" and "1,234.5". Times are those of Kazakhstan,
 * UTC+5 without daylight saving, wherever the phone is: deadlines and receipts are in that time.
 */

const NBSP = "\u00a0";
const ALMATY = 5 * 3600_000;

const MONTHS = {
  kk: "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
  ru: "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
  en: "January February March April May June July August September October November December",
};

/** The 42 letters, in their order. */
const ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя";

/** What people type who have no Kazakh keys. */
const FOLDED: Record<string, string> = { қ: "к", ғ: "г", ә: "а", ө: "о", ұ: "у", ү: "у", ң: "н", һ: "х", і: "и", ё: "е" };

let language: keyof typeof MONTHS = "kk";

export function setFormat(next: keyof typeof MONTHS): void {
  language = next;
}

interface Parts {
  year: number;
  month: number;
  day: number;
  time: string;
}

function parts(when: string | number | Date): Parts | null {
  const at = new Date(new Date(when).getTime() + ALMATY);
  if (Number.isNaN(at.getTime())) return null;
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth(),
    day: at.getUTCDate(),
    time: `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`,
  };
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** @param when an instant, or a plain date "2026-11-22", which is the same date everywhere. */
export function formatDate(when: string | number | Date): string {
  const plain = typeof when === "string" && /^\d{4}-\d{2}-\d{2}$/.test(when);
  const date = parts(plain ? `${when}T00:00:00+05:00` : when);
  if (!date) return "";
  const month = MONTHS[language].split(" ")[date.month] ?? "";
  if (language === "kk") return `${date.year}${NBSP}ж. ${date.day}${NBSP}${month}`;
  if (language === "ru") return `${date.day}${NBSP}${month} ${date.year}${NBSP}г.`;
  return `${date.day}${NBSP}${month} ${date.year}`;
}

export function formatTime(when: string | number | Date): string {
  return parts(when)?.time ?? "";
}

export function formatDateTime(when: string | number | Date): string {
  const date = formatDate(when);
  return date && `${date}, ${formatTime(when)}`;
}

/** Up to three decimals, whole part in groups of three. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return "";
  const [whole = "0", decimals] = String(Math.round(Math.abs(value) * 1000) / 1000).split(".");
  const english = language === "en";
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, english ? "," : NBSP);
  return (value < 0 ? "−" : "") + grouped + (decimals ? (english ? "." : ",") + decimals : "");
}

/** @param tenge whole or with hundredths. */
export function formatMoney(tenge: number): string {
  return language === "en" ? `₸${formatNumber(tenge)}` : `${formatNumber(tenge)}${NBSP}₸`;
}

/** Kazakh letters sort between the Russian ones, as in a Kazakh dictionary; case does not matter. */
export function compareNames(a: string, b: string): number {
  const left = sortKey(a);
  const right = sortKey(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

function sortKey(text: string): string {
  return [...text.toLowerCase()]
    .map((letter) => {
      const place = ALPHABET.indexOf(letter);
      return place < 0 ? letter : String.fromCharCode(0x400 + place);
    })
    .join("");
}

/** For searching: both sides folded find each other. */
export function fold(text: string): string {
  return text.toLowerCase().replace(/[қғәөұүңһіё]/g, (letter) => FOLDED[letter] ?? letter);
}
