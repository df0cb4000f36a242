/** A random name of this device that lasts one day: enough to see one phone checking twice, too little to follow it. */

const STORED = "tanba.device";

export function deviceId(today = new Date().toISOString().slice(0, 10)): string {
  try {
    const [day, id] = (localStorage.getItem(STORED) ?? "").split(" ");
    if (day === today && id) return id;
    const fresh = crypto.randomUUID();
    localStorage.setItem(STORED, `${today} ${fresh}`);
    return fresh;
  } catch {
    return crypto.randomUUID();
  }
}
