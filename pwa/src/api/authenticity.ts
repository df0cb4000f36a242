/** The public check of acts and of signed files, and an act's own papers. */

import { call, callBlob } from "./client";
import type { components } from "./schema";

type Shapes = components["schemas"];

export type Authentic = Shapes["AuthenticityOut"];
export type PublicSignature = Shapes["PublicSignature"];
export type Checked = Shapes["CheckedOut"];
export type CheckedSignature = Shapes["CheckedSignature"];
export type CheckedFile = Shapes["CheckedFile"];
export type CheckLink = Shapes["LinkOut"];
export type PaperLanguage = "both" | "kk" | "ru";

const PUBLIC = "/api/v1/authenticity";
/** Making a PDF of a large act takes the server a while. */
const PATIENCE = 90_000;
/** A package brings its photos and papers over the line of a shop. */
const LONG_PATIENCE = 900_000;

/** @throws ApiError, as every call of this file. */
export const checkAct = (token: string): Promise<Authentic> => call(`${PUBLIC}/${encodeURIComponent(token)}`);

/** @param measured the package comes without its files, and says what they hash to (domain/signed-package). */
export const checkPackage = (file: Blob, measured: boolean): Promise<Checked> =>
  call(`${PUBLIC}/package${measured ? "?measured=true" : ""}`, { method: "POST", bytes: file, timeout: PATIENCE });

/** @param document @param cms both in base64. */
export const checkSignature = (document: string, cms: string): Promise<Checked> =>
  call(`${PUBLIC}/signature`, { method: "POST", body: { document, cms }, timeout: PATIENCE });

export const checkLink = (act: string): Promise<CheckLink> => call(`/api/v1/acts/${act}/authenticity`);

/** A paper of an act: its path below the act, for instance "paper?lang=kk". */
export const paper = (act: string, path: string): Promise<Blob> =>
  callBlob(`/api/v1/acts/${act}/${path}`, { timeout: path === "package" ? LONG_PATIENCE : PATIENCE });
