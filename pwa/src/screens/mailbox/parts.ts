/** Text with the addresses in it told apart. */

export interface Part {
  text: string;
  /** Path inside the app; only addresses of this installation can be followed. */
  href?: string;
}

const ADDRESS = /https?:\/\/[^\s<>"]+/g;

export function parts(text: string, origin: string): Part[] {
  const found: Part[] = [];
  let last = 0;
  for (const match of text.matchAll(ADDRESS)) {
    if (match.index > last) found.push({ text: text.slice(last, match.index) });
    found.push(part(match[0], origin));
    last = match.index + match[0].length;
  }
  if (last < text.length) found.push({ text: text.slice(last) });
  return found;
}

/** A demo is opened by more names than one (localhost, the network's address), so the path alone is followed. */
function part(address: string, origin: string): Part {
  try {
    const { host, hostname, pathname, search, hash } = new URL(address);
    const ours = host === new URL(origin).host || hostname === "localhost" || hostname === "127.0.0.1";
    return ours ? { text: address, href: pathname + search + hash } : { text: address };
  } catch {
    return { text: address };
  }
}
