/** The parts of node-forge that are used, as they are used; its published types know only the whole library. */

interface ForgeBuffer {
  getBytes(): string;
}

/** Of one direction and one key; texts hold one byte a letter. */
interface ForgeCipher {
  /** In CBC mode. */
  start(vector: string): void;
  update(input: ForgeBuffer): void;
  /** False when the padding is wrong. */
  finish(): boolean;
  output: ForgeBuffer;
}

declare module "node-forge/lib/des.js" {
  const des: { createDecryptionCipher(key: string, mode: "CBC"): ForgeCipher };
  export default des;
}

declare module "node-forge/lib/rc2.js" {
  const rc2: { createDecryptionCipher(key: string, effectiveBits: number): ForgeCipher };
  export default rc2;
}

declare module "node-forge/lib/util.js" {
  const util: { createBuffer(bytes: string): ForgeBuffer };
  export default util;
}
