/** What happens to an act after it was sent: corrections, invitations, sending again, returning. */

import type { Papers } from "./acts";
import { call, newKey } from "./client";
import type { components } from "./schema";

type Shapes = components["schemas"];

export type Changes = Shapes["ChangesIn"];
export type Correction = Shapes["CorrectionOut"];
export type Change = Shapes["ChangeOut"];
export type Made = Shapes["MadeOut"];
export type Invitation = Shapes["ActInvitationOut"];
export type Invited = Shapes["InvitedOut"];

const ROOT = "/api/v1/acts";

/** @throws ApiError, as every call of this file. */
export const correctionDocument = (id: string, changes: Changes): Promise<Papers> =>
  call(`${ROOT}/${id}/correction/document`, { method: "POST", body: changes });
export const proposedCorrection = (id: string): Promise<Papers> => call(`${ROOT}/${id}/correction`);

/** A draft of what came back, and how many units could not go into it. */
export const sendAgain = (id: string, key: string): Promise<Made> => call(`${ROOT}/${id}/again`, { method: "POST", key, timeout: 60_000 });
export const returnGoods = (id: string, key: string): Promise<Made> => call(`${ROOT}/${id}/return`, { method: "POST", key, timeout: 60_000 });

export const invitation = (id: string): Promise<Invitation> => call(`${ROOT}/${id}/invitation`);
export const inviteBuyer = (id: string, email: string, language: "kk" | "ru" | "en", key: string): Promise<Invitation> =>
  call(`${ROOT}/${id}/invitation`, { method: "POST", body: { email, language }, key });

/** What the holder of a link is shown. The act's id is the head of the token. */
export const openInvitation = (token: string): Promise<Invited> => call("/api/v1/invited", { method: "POST", body: { token }, key: newKey() });

export const actOf = (token: string): string => token.slice(0, 26);

