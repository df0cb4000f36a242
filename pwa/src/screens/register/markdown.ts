/** The few marks that our legal texts use: headings, numbered points, lists, bold words. */

export interface Block {
  kind: "heading" | "subheading" | "paragraph" | "point";
  /** Number of a point as it is written ("2.1."); "" for a bullet and for all else. */
  number: string;
  /** Text in turns: plain, bold, plain, … */
  runs: string[];
}

export function blocks(markdown: string): Block[] {
  const found: Block[] = [];
  for (const part of markdown.split(/\n\s*\n|\n(?=#|\s*(?:\d+(?:\.\d+)*[.)]|[-*])\s)/)) {
    const text = part.trim().replace(/\s*\n\s*/g, " ");
    if (!text) continue;
    const heading = /^(#+)\s+(.*)$/.exec(text);
    const point = /^(?:(\d+(?:\.\d+)*[.)])|[-*])\s+(.*)$/.exec(text);
    if (heading) found.push({ kind: heading[1] === "#" ? "heading" : "subheading", number: "", runs: runs(heading[2] ?? "") });
    else if (point) found.push({ kind: "point", number: point[1] ?? "", runs: runs(point[2] ?? "") });
    else found.push({ kind: "paragraph", number: "", runs: runs(text) });
  }
  return found;
}

function runs(text: string): string[] {
  return text.split(/\*\*(.+?)\*\*/);
}
