import { describe, expect, it } from "vitest";
import type { RawScan } from "./scan";
import { AWAY, FORGET, PATIENCE, Sightings } from "./sightings";

const mark: RawScan = { text: "0104870001234562215Dt3NR4", symbology: "]d2", source: "camera", format: "DataMatrix" };
const link: RawScan = { text: "https://example.kz/", symbology: "]Q1", source: "camera", format: "QRCode" };
const ean: RawScan = { text: "4870001234562", symbology: "]E0", source: "camera", format: "EAN13" };
const box: RawScan = { text: "00048700012345678905", symbology: "]C1", source: "camera", format: "Code128" };
const proven = (scan: RawScan): boolean => scan === mark || scan === box;

describe("one code at a time", () => {
  it("takes a mark that proves itself at first sight, and only once while it stays", () => {
    const seen = new Sightings(false, proven);
    expect(seen.see(mark, 0)).toBe("new");
    for (let now = 60; now < 20_000; now += 60) expect(seen.see(mark, now)).toBe("known");
  });

  it("forgets it after three seconds out of sight", () => {
    const seen = new Sightings(false, proven);
    seen.see(mark, 0);
    expect(seen.see(mark, FORGET - 1)).toBe("known");
    expect(seen.see(mark, 2 * FORGET - 1)).toBe("new");
  });

  it("lets the barcode beside a mark wait for the mark", () => {
    const seen = new Sightings(false, proven);
    expect(seen.see(ean, 0)).toBe("unsure");
    expect(seen.see(ean, 100)).toBe("unsure");
    expect(seen.see(mark, 200)).toBe("new");
    expect(seen.see(ean, PATIENCE - 1)).toBe("unsure");
    expect(seen.see(ean, PATIENCE)).toBe("new");
  });

  it("wants a second look at a linear code even where its content proves itself", () => {
    const seen = new Sightings(false, proven);
    expect(seen.see(box, 0)).toBe("unsure");
    expect(seen.unconfirmed(10)).toBe(true);
    expect(seen.see(box, 50)).toBe("new");
    expect(seen.unconfirmed(60)).toBe(false);
  });

  it("does not count two looks that are far apart", () => {
    const seen = new Sightings(false, proven);
    seen.see(link, 0);
    expect(seen.see(link, 5000)).toBe("unsure");
    expect(seen.unconfirmed(20_000)).toBe(false);
  });

  it("tells one text in two symbologies apart", () => {
    const seen = new Sightings(false, () => true);
    expect(seen.see(mark, 0)).toBe("new");
    expect(seen.see({ ...mark, symbology: "]d1" }, 10)).toBe("new");
  });
});

describe("many codes", () => {
  it("knows each one for good and says when it comes back", () => {
    const seen = new Sightings(true, proven);
    expect(seen.see(mark, 0)).toBe("new");
    expect(seen.see(mark, AWAY)).toBe("known");
    expect(seen.see(mark, 2 * AWAY + 1)).toBe("again");
    expect(seen.see(mark, 3_600_000)).toBe("again");
  });

  it("confirms linear codes without waiting for marks", () => {
    const seen = new Sightings(true, proven);
    seen.see(ean, 0);
    expect(seen.see(ean, 40)).toBe("new");
  });

  it("takes back what was undone", () => {
    const seen = new Sightings(true, proven);
    seen.see(mark, 0);
    seen.forget(mark);
    expect(seen.see(mark, 40)).toBe("new");
  });
});
