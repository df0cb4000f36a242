/** One's own organisation: profile, places, staff, invitations, powers of attorney, audit trail. */

import { call } from "./client";
import type { components } from "./schema";

type Shapes = components["schemas"];

export type Profile = Shapes["ProfileOut"];
export type ProfileIn = Shapes["ProfileIn"];
export type Place = Shapes["PlaceOut"];
export type PlaceTyped = Shapes["PlaceNew"];
export type Member = Shapes["MemberOut"];
export type Invitation = Shapes["InvitationOut"];
export type Staff = Shapes["StaffOut"];
export type Terms = Omit<Shapes["MemberIn"], "version">;
export type Offer = Shapes["OfferOut"];
export type Papers = Shapes["ToSignList"];
export type FunctionName = Shapes["Function"];
export type Entrusted = Shapes["FunctionOut"];
export type Power = Shapes["PowerOut"];
export type Powers = Shapes["PowersOut"];
export type PowerIn = Shapes["PowerIn"];
export type AuditFact = Shapes["AuditFact"];
export type AuditPage = Shapes["AuditPage"];
export type AuditPerson = Shapes["AuditPerson"];

interface Signed {
  id: string;
  cms: string;
}

const ROOT = "/api/v1";

/** @throws ApiError, as every call of this file. */
export const profile = (): Promise<Profile> => call(`${ROOT}/organisation`);
export const saveProfile = (body: ProfileIn, key: string): Promise<Profile> => call(`${ROOT}/organisation`, { method: "PUT", body, key });

export const places = async (): Promise<Place[]> => (await call<Shapes["PlacesOut"]>(`${ROOT}/places`)).places;

/** `row` is the place being edited, none for a new one. */
export async function savePlace(typed: PlaceTyped, row: Place | null, key: string): Promise<Place[]> {
  const answer = row
    ? call<Shapes["PlacesOut"]>(`${ROOT}/places/${row.id}`, { method: "PUT", body: { ...typed, version: row.version }, key })
    : call<Shapes["PlacesOut"]>(`${ROOT}/places`, { method: "POST", body: typed, key });
  return (await answer).places;
}

export const turnPlace = async (id: string, what: "block" | "unblock", key: string): Promise<Place[]> =>
  (await call<Shapes["PlacesOut"]>(`${ROOT}/places/${id}/${what}`, { method: "POST", key })).places;

export const staff = (): Promise<Staff> => call(`${ROOT}/staff`);
export const entrustable = async (): Promise<Entrusted[]> => (await call<Shapes["PermissionsOut"]>(`${ROOT}/permissions`)).functions;

export const changeMember = (member: Member, terms: Terms, key: string): Promise<Member> =>
  call(`${ROOT}/staff/${member.id}`, { method: "PUT", body: { ...terms, version: member.version }, key });
export const turnMember = (id: string, what: "block" | "restore", key: string): Promise<Member> =>
  call(`${ROOT}/staff/${id}/${what}`, { method: "POST", key });
export const removeMember = (id: string, key: string): Promise<Staff> => call(`${ROOT}/staff/${id}`, { method: "DELETE", key });

export const invite = (name: string, iin: string | null, terms: Terms, key: string): Promise<Invitation> =>
  call(`${ROOT}/staff/invitations`, { method: "POST", body: { name, iin, ...terms }, key });
export const cancelInvitation = (id: string, key: string): Promise<Staff> =>
  call(`${ROOT}/staff/invitations/${id}`, { method: "DELETE", key });
export const confirmInvitation = (id: string, key: string): Promise<Staff> =>
  call(`${ROOT}/staff/invitations/${id}/confirm`, { method: "POST", key });

export const offer = (token: string): Promise<Offer> => call(`${ROOT}/invitations/${encodeURIComponent(token)}`);
export const offeredDocument = (token: string): Promise<Papers> => call(`${ROOT}/invitations/${encodeURIComponent(token)}/document`);
export const acceptOffer = (token: string, signatures: Signed[], key: string): Promise<Shapes["AcceptedOut"]> =>
  call(`${ROOT}/invitations/${encodeURIComponent(token)}/sign`, { method: "POST", body: { signatures }, key });

export const powers = (): Promise<Powers> => call(`${ROOT}/powers`);
export const draftPower = (body: PowerIn, key: string): Promise<Papers> => call(`${ROOT}/powers`, { method: "POST", body, key });
export const signPower = (id: string, signatures: Signed[], key: string): Promise<Power> =>
  call(`${ROOT}/powers/${id}/sign`, { method: "POST", body: { signatures }, key });
export const dropPower = (id: string, key: string): Promise<Powers> => call(`${ROOT}/powers/${id}`, { method: "DELETE", key });
export const turnPower = (id: string, what: "suspend" | "confirm" | "revoke", key: string): Promise<Power> =>
  call(`${ROOT}/powers/${id}/${what}`, { method: "POST", key });

/** What is asked of the trail; empty texts ask for everything. */
export interface AuditFilter {
  person: string;
  family: string;
  since: string;
  until: string;
}

export function audit(filter: AuditFilter, cursor: string | null): Promise<AuditPage> {
  return call(`${ROOT}/audit?${asked({ ...filter, cursor: cursor ?? "" })}`);
}

export const auditPeople = async (): Promise<AuditPerson[]> => (await call<Shapes["AuditPeople"]>(`${ROOT}/audit/people`)).people;

/** The address of the file; the browser downloads it by itself. */
export const auditFile = (filter: AuditFilter, ending: "csv" | "jsonl"): string => `${ROOT}/audit/export.${ending}?${asked({ ...filter })}`;

function asked(parts: Record<string, string>): URLSearchParams {
  return new URLSearchParams(Object.entries(parts).filter(([, value]) => value));
}
