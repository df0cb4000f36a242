/** Which of the files is what: a package, or a document and the signature over it. */

import { type Checked, checkPackage, checkSignature } from "../../api/authenticity";
import { withoutFiles } from "../../domain/signed-package";

/** Neither one package nor a document with its signature. */
export class NotTwoFiles extends Error {
  override name = "NotTwoFiles";
}

const SIGNATURE = /\.(p7s|p7m|cms|sig|pem)$/i;

/** Sends the files to be judged. @throws NotTwoFiles, ApiError */
export async function judge(files: readonly File[]): Promise<Checked> {
  const [one, other] = files;
  if (one && files.length === 1) {
    const light = await withoutFiles(one);
    return checkPackage(light ?? one, light !== null);
  }
  if (!one || !other || files.length > 2) throw new NotTwoFiles();
  const cms = SIGNATURE.test(other.name) ? other : SIGNATURE.test(one.name) ? one : null;
  if (!cms) throw new NotTwoFiles();
  const document = cms === one ? other : one;
  return checkSignature(await base64(document), await armoured(cms));
}

/** PEM goes as it is, DER in base64. */
async function armoured(file: File): Promise<string> {
  const text = await file.text();
  return text.startsWith("-----BEGIN") || /^[A-Za-z0-9+/=\s]+$/.test(text) ? text : base64(file);
}

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
