/** A random name of this device that lasts one day: enough to see one phone checking twice, too little to follow it. */

const STORED = "tanba.device";

export function deviceId(today = new Date().toISOString().slice(0, 10)): string {
  try {
    const [day, id] = (localStorage.getItem(STORED) ?? "").split(" ");
    if (day === today && id) return id;
    const fresh = newId();
    localStorage.setItem(STORED, `${today} ${fresh}`);
    return fresh;
  } catch {
    return newId();
  }
}

/** 128 random bits; crypto.randomUUID is not there on pages without TLS, this is. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
