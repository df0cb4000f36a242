/** The inbox and, beside it, how one wants to be told. */

import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { Choices } from "./choices";
import { Inbox } from "./list";

export default function Screen(): JSX.Element {
  const { path } = useLocation();
  return path === "/inbox/choices" ? <Choices /> : <Inbox />;
}
