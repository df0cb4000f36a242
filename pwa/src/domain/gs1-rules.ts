/** Rules for the parts of values: dates, times, check digits (GS1 General Specifications, section 3). */
import { hasCheckPair, isChecked } from "./gs1-digits";

function isDate(text: string, zeroDay = false): boolean {
  const year = Number(text.slice(0, -4)) + (text.length === 6 ? 2000 : 0);
  const month = Number(text.slice(-4, -2));
  const day = Number(text.slice(-2));
  if (month < 1 || month > 12 || year < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return (zeroDay && day === 0) || (day >= 1 && day <= days);
}

const isTime = (text: string): boolean => text.slice(0, 2) < "24" && text.slice(2) < "60";

/** rule -> [problem when broken, test] */
export const RULES: Readonly<Record<string, readonly [string, (text: string) => boolean]>> = {
  check: ["check_digit", isChecked],
  pair: ["check_digit", hasCheckPair],
  date: ["date", (text) => isDate(text)],
  date0: ["date", (text) => isDate(text, true)],
  birth: ["date", (text) => isDate(text)],
  time: ["date", isTime],
  latest: ["date", (text) => text === "9999" || isTime(text)],
  hour: ["date", (text) => text < "24"],
  minutes: ["date", (text) => text < "60"],
  yesno: ["value", (text) => "01".includes(text)],
  sex: ["value", (text) => "0129".includes(text)],
  minus: ["value", (text) => text === "-"],
  zero: ["value", (text) => text === "0"],
  nonzero: ["value", (text) => /[1-9]/.test(text)],
  winding: ["value", (text) => "019".includes(text)],
  leading: ["value", (text) => text === "0" || !text.startsWith("0")],
  letters: ["value", (text) => /^[A-Z]{2}$/.test(text)],
  prefix: ["value", (text) => /^[0-9]{4}/.test(text)],
  triples: ["length", (text) => text.length % 3 === 0],
  pieces: ["value", (text) => text.slice(0, 2) > "00" && text.slice(0, 2) <= text.slice(2)],
  position: ["value", (text) => /^[1-9]\/[1-9]$/.test(text) && text.slice(0, 1) <= text.slice(2)],
  latitude: ["value", (text) => text <= "1800000000"],
  longitude: ["value", (text) => text <= "3600000000"],
};
