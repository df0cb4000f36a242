/** An application to take part in the turnover of marked goods: begun with a signature, filled in, signed, confirmed. */

import { call, newKey } from "./client";
import type { Proof } from "./identity";

/** Begins an application, or finds the one that this signature began before. @throws ApiError */
export async function beginRegistration(proof: Proof): Promise<void> {
  await call("/api/v1/registration/begin", { method: "POST", body: proof, key: newKey() });
}
