/** Streebog-512 (GOST R 34.11-2012, RFC 6986), by tables; bytes in the order in which they are written in files. */

import { fromHex, joined } from "./der";

/** The substitution π. */
const PI = fromHex(
  "fceedd11cf6e3116fbc4fada23c5044de977f0db932e99ba1736f1bb14cd5fc1f918655ae25cef21811c3c428b018e4f" +
  "058402aee36a8fa0060bed987fd4d31feb342c51eac848abf22a68a2fd3aceccb5700e56080c7612bf7213479cb75d87" +
  "15a19629107b9ac7f391786f9d9eb2b13275193dff358a7e6d54c680c3bd0d57dff524a93ea843c9d779d6f67c22b903" +
  "e00fecde7a94b0bcdce828504e330a4aa79760731e0062441ab83882649f2641ad454692275e552f8ca3a57d69d5953b" +
  "0758b34086ac1df730376be488d9e789e11b83494c3ff8fe8d53aa90cad88561207167a42d2b095bcb9b25d0bee56c52" +
  "59a674d2e6f4b4c0d166afc2394b63b6",
);
/** The rows of the linear map l, 64 bits each, most significant bit's first. */
const A = fromHex(
  "8e20faa72ba0b47047107ddd9b505a38ad08b0e0c3282d1cd8045870ef14980e6c022c38f90a4c073601161cf205268d" +
  "1b8e0b0e798c13c883478b07b2468764a011d380818e8f405086e740ce47c9202843fd2067adea1014aff010bdd87508" +
  "0ad97808d06cb40405e23c0468365a028c711e02341b2d0146b60f011a83988e90dab52a387ae76f486dd4151c3dfdb9" +
  "24b86a840e90f0d2125c354207487869092e94218d243cba8a174a9ec8121e5d4585254f64090fa0accc9ca9328a8950" +
  "9d4df05d5f661451c0a878a0a1330aa660543c50de970553302a1e286fc58ca718150f14b9ec46dd0c84890ad27623e0" +
  "0642ca05693b9f700321658cba93c13886275df09ce8aaa8439da0784e745554afc0503c273aa42ad960281e9d1d5215" +
  "e230140fc080298471180a8960409a42b60c05ca30204d215b068c651810a89e456c34887a3805b9ac361a443d1c8cd2" +
  "561b0d22900e46692b838811480723ba9bcf4486248d9f5dc3e9224312c8c1a0effa11af0964ee50f97d86d98a327728" +
  "e4fa2054a80b329c727d102a548b194e39b008152acb82279258048415eb419d492c024284fbaec0aa16012142f35760" +
  "550b8e9e21f7a530a48b474f9ef5dc1870a6a56e2440598e3853dc371220a2471ca76e95091051ad0edd37c48a08a6d8" +
  "07e095624504536c8d70c431ac02a736c83862965601dd1b641c314b2b8ee083",
);
/** The twelve round constants, each written as a number (most significant byte first). */
const C = fromHex(
  "b1085bda1ecadae9ebcb2f81c0657c1f2f6a76432e45d016714eb88d7585c4fc4b7ce09192676901a2422a08a460d315" +
  "05767436cc744d23dd806559f2a645076fa3b58aa99d2f1a4fe39d460f70b5d7f3feea720a232b9861d55e0f16b50131" +
  "9ab5176b12d699585cb561c2db0aa7ca55dda21bd7cbcd56e679047021b19bb7f574dcac2bce2fc70a39fc286a3d8435" +
  "06f15e5f529c1f8bf2ea7514b1297b7bd3e20fe490359eb1c1c93a376062db09c2b6f443867adb31991e96f50aba0ab2" +
  "ef1fdfb3e81566d2f948e1a05d71e4dd488e857e335c3c7d9d721cad685e353fa9d72c82ed03d675d8b71333935203be" +
  "3453eaa193e837f1220cbebc84e3d12e4bea6bacad4747999a3f410c6ca923637f151c1f1686104a359e35d7800fffbd" +
  "bfcd1747253af5a3dfff00b723271a167a56a27ea9ea63f5601758fd7c6cfe57ae4faeae1d3ad3d96fa4c33b7a3039c0" +
  "2d66c4f95142a46c187f9ab49af08ec6cffaa6b71c9ab7b40af21f66c2bec6b6bf71c57236904f35fa68407a46647d6e" +
  "f4c70e16eeaac5ec51ac86febf240954399ec6c7e6bf87c9d3473e33197a93c90992abc52d822c3706476983284a0504" +
  "3517454ca23c4af38886564d3a14d4939b1f5b424d93c9a703e7aa020c6e41414eb7f8719c36de1e89b4443b4ddbc49a" +
  "f4892bcb929b069069d18d2bd1a5c42f36acc2355951a8d9a47f0dd4bf02e71e378f5a541631229b944c9ad8ec165fde" +
  "3a7d3a1b258942243cd955b7e00d0984800a440bdbb2ceb17b2b8a9aa6079c540e38dc92cb1f2a607261445183235adb" +
  "abbedea680056f52382ae548b2e4f3f38941e71cff8a78db1fffe18a1b3361039fe76702af69334b7a1e6c303b7652f4" +
  "3698fad1153bb6c374b4c7fb98459ced7bcd9ed0efc889fb3002c6cd635afe94d8fa6bbbebab07612001802114846679" +
  "8a1d71efea48b9caefbacd1d7d476e98dea2594ac06fd85d6bcaa4cd81f32d1b378ee767f11631bad21380b00449b17a" +
  "cda43c32bcdf1d77f82012d430219f9b5d80ef9d1891cc86e71da4aa88e12852faf417d5d9b21b9948bc924af11bd720",
);

const BLOCK = 64;
const ROUNDS = C.length / BLOCK;

/** What a byte of value v at place j of its word becomes under substitution and the linear map: words at j·256 + v. */
const [LOW, HIGH] = ((): [Uint32Array, Uint32Array] => {
  const rows = new DataView(A.buffer);
  const low = new Uint32Array(8 * 256);
  const high = new Uint32Array(8 * 256);
  for (let place = 0; place < 8; place++) {
    for (let value = 0; value < 256; value++) {
      let wordLow = 0;
      let wordHigh = 0;
      for (let bit = 0; bit < 8; bit++) {
        if (!(((PI[value] ?? 0) >> bit) & 1)) continue;
        const row = (63 - 8 * place - bit) * 8;
        wordHigh ^= rows.getUint32(row);
        wordLow ^= rows.getUint32(row + 4);
      }
      low[place * 256 + value] = wordLow;
      high[place * 256 + value] = wordHigh;
    }
  }
  return [low, high];
})();

const CONSTANTS = Array.from({ length: ROUNDS }, (_, round) => C.slice(round * BLOCK, (round + 1) * BLOCK).reverse());

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, at) => byte ^ (b[at] ?? 0));
}

/** Substitution, transposition and linear map (S, P and L of the standard) of a ⊕ b. */
function mix(a: Uint8Array, b: Uint8Array): Uint8Array {
  const made = new Uint8Array(BLOCK);
  const view = new DataView(made.buffer);
  const state = xor(a, b);
  for (let word = 0; word < 8; word++) {
    let low = 0;
    let high = 0;
    for (let place = 0; place < 8; place++) {
      const entry = place * 256 + (state[place * 8 + word] ?? 0);
      low ^= LOW[entry] ?? 0;
      high ^= HIGH[entry] ?? 0;
    }
    view.setUint32(word * 8, low, true);
    view.setUint32(word * 8 + 4, high, true);
  }
  return made;
}

/** The compression function g. */
function compress(hash: Uint8Array, count: Uint8Array, block: Uint8Array): Uint8Array {
  let key = mix(hash, count);
  let state = block;
  for (const constant of CONSTANTS) {
    state = mix(state, key);
    key = mix(key, constant);
  }
  return xor(xor(xor(state, key), hash), block);
}

/** a + b modulo 2^512, least significant byte first. */
function add(a: Uint8Array, b: Uint8Array): Uint8Array {
  let carry = 0;
  return a.map((byte, at) => {
    carry = byte + (b[at] ?? 0) + (carry >> 8);
    return carry;
  });
}

/** @returns the digest, 64 bytes as national signatures carry them (the reverse of how RFC 6986 prints numbers). */
export function streebog512(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const zero = new Uint8Array(BLOCK);
  let hash: Uint8Array = zero;
  let count: Uint8Array = zero;
  let sum: Uint8Array = zero;
  for (let at = 0; ; at += BLOCK) {
    const left = message.length - at;
    const block = message.slice(at, at + BLOCK);
    const padded = new Uint8Array(BLOCK);
    padded.set(block);
    if (left < BLOCK) padded[block.length] = 1;
    hash = compress(hash, count, padded);
    const bits = block.length * 8;
    count = add(count, Uint8Array.of(bits & 255, bits >> 8));
    sum = add(sum, padded);
    if (left < BLOCK) break;
  }
  return new Uint8Array(compress(compress(hash, zero, count), zero, sum));
}

/** HMAC (RFC 2104) over Streebog-512, as RFC 7836 has it. */
export function hmacStreebog512(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(BLOCK);
  padded.set(key.length > BLOCK ? streebog512(key) : key);
  const keyed = (mask: number, rest: readonly Uint8Array[]): Uint8Array =>
    streebog512(joined([padded.map((byte) => byte ^ mask), ...rest]));
  return new Uint8Array(keyed(0x5c, [keyed(0x36, parts)]));
}
