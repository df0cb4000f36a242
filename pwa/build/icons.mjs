/**
 * Draws the app's icons: node build/icons.mjs. The tamga is a few rectangles, so nothing but zlib is needed to make PNGs.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { deflateSync } from "node:zlib";

const OUT = new URL("../public/icons/", import.meta.url);
const FELT = [0xfa, 0xf6, 0xec, 255];
const KOK = [0x12, 0x3c, 0x69, 255];
const NOTHING = [0, 0, 0, 0];
const WHITE = [255, 255, 255, 255];

/** The mark on a 48 grid, as ui/icons.tsx draws it: the solid corner of a Data Matrix, holding a T. */
const TAMGA = [
  [5, 4, 6, 39],
  [5, 37, 39, 6],
  [19, 8, 25, 6],
  [28.5, 8, 6, 22],
];
const CENTRE = { x: 24.5, y: 23.5 };

/** Supersampled four times each way, which is enough for straight edges. */
const FINE = 4;

/** @param scale share of the side that the 48 grid fills. */
function draw(side, { ground, ink, scale, round }) {
  const pixels = Buffer.alloc(side * side * 4);
  const inside = (x, y) => {
    const gx = (x / side - 0.5) * (48 / scale) + CENTRE.x;
    const gy = (y / side - 0.5) * (48 / scale) + CENTRE.y;
    return TAMGA.some(([left, top, width, height]) => gx >= left && gx < left + width && gy >= top && gy < top + height);
  };
  const radius = round * side;
  const on = (x, y) => {
    const dx = Math.max(radius - x, x - (side - radius), 0);
    const dy = Math.max(radius - y, y - (side - radius), 0);
    return dx * dx + dy * dy <= radius * radius;
  };
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const sum = [0, 0, 0, 0];
      for (let part = 0; part < FINE * FINE; part += 1) {
        const px = x + ((part % FINE) + 0.5) / FINE;
        const py = y + (Math.floor(part / FINE) + 0.5) / FINE;
        const [red, green, blue, alpha] = !on(px, py) ? NOTHING : inside(px, py) ? ink : ground;
        sum[0] += red * alpha;
        sum[1] += green * alpha;
        sum[2] += blue * alpha;
        sum[3] += alpha;
      }
      const at = (y * side + x) * 4;
      for (let channel = 0; channel < 3; channel += 1) pixels[at + channel] = sum[3] ? Math.round(sum[channel] / sum[3]) : 0;
      pixels[at + 3] = Math.round(sum[3] / (FINE * FINE));
    }
  }
  return png(pixels, side);
}

function png(pixels, side) {
  const rows = Buffer.alloc((side * 4 + 1) * side);
  for (let y = 0; y < side; y += 1) pixels.copy(rows, y * (side * 4 + 1) + 1, y * side * 4, (y + 1) * side * 4);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([magic, chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc(body), body.length + 4);
  return whole;
}

function crc(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

mkdirSync(OUT, { recursive: true });
const app = { ground: KOK, ink: FELT, scale: 0.66, round: 0.22 };
const files = {
  "192.png": draw(192, app),
  "512.png": draw(512, app),
  "maskable-192.png": draw(192, { ...app, scale: 0.52, round: 0 }),
  "maskable-512.png": draw(512, { ...app, scale: 0.52, round: 0 }),
  "apple-180.png": draw(180, { ...app, scale: 0.6, round: 0 }),
  "mono-192.png": draw(192, { ground: NOTHING, ink: WHITE, scale: 0.8, round: 0 }),
};
for (const [name, bytes] of Object.entries(files)) writeFileSync(new URL(name, OUT), bytes);

/** Asked for by browsers wherever no page says otherwise: one PNG in the old wrapping. */
const small = draw(48, app);
const wrapping = Buffer.alloc(22);
wrapping.set([0, 0, 1, 0, 1, 0, 48, 48, 0, 0, 1, 0, 32, 0]);
wrapping.writeUInt32LE(small.length, 14);
wrapping.writeUInt32LE(22, 18);
writeFileSync(new URL("../favicon.ico", OUT), Buffer.concat([wrapping, small]));

const rectangles = TAMGA.map(([x, y, width, height]) => `M${x} ${y}h${width}v${height}h-${width}z`).join("");
writeFileSync(
  new URL("tamga.svg", OUT),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="#123c69"/>` +
    `<path transform="translate(10.6 11.5) scale(.87)" fill="#faf6ec" d="${rectangles}"/></svg>\n`,
);
