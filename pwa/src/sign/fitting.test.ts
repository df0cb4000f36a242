import { expect, test } from "vitest";
import type { SignRequest } from "./asked";
import { onlyFitting } from "./fitting";
import type { RememberedKey } from "./p12/remembered";

const kept = (id: string, bin: string | null): RememberedKey => ({
  id, bin, name: "СЕЙІТОВ ДАНИЯР", organisation: null, notAfter: new Date(), algorithm: "RSA", canSign: true, test: true,
});
const wanted = (bin?: string): SignRequest => ({ purpose: "document", documents: [], title: "", ...(bin ? { party: { bin } } : {}) });

test("the one kept key of the organisation is meant, another organisation's is not", () => {
  const keys = [kept("own", "210540000020"), kept("other", "210540000030")];
  expect(onlyFitting(keys, wanted("210540000020"))?.id).toBe("own");
  expect(onlyFitting(keys, wanted("210540000040"))).toBeUndefined();
});

test("where several keys may be meant the person chooses", () => {
  expect(onlyFitting([kept("one", "210540000020"), kept("two", "210540000020")], wanted("210540000020"))).toBeUndefined();
  expect(onlyFitting([kept("firm", "210540000020"), kept("person", null)], wanted("210540000020"))).toBeUndefined();
  expect(onlyFitting([kept("one", "210540000020"), kept("other", "210540000030")], wanted())).toBeUndefined();
});

test("an individual's key may be a sole trader's", () => {
  expect(onlyFitting([kept("person", null)], wanted("850101300104"))?.id).toBe("person");
});
