/** All keys there are; the Russian catalogues say which, a test keeps the other languages equal. */

import type account from "./ru/account.json";
import type acts from "./ru/acts.json";
import type app from "./ru/app.json";
import type audit from "./ru/audit.json";
import type errors from "./ru/errors.json";
import type files from "./ru/files.json";
import type integrations from "./ru/integrations.json";
import type meeting from "./ru/meeting.json";
import type notifications from "./ru/notifications.json";
import type organisation from "./ru/organisation.json";
import type outbox from "./ru/outbox.json";
import type paper from "./ru/paper.json";
import type registration from "./ru/registration.json";
import type scanner from "./ru/scanner.json";
import type sign from "./ru/sign.json";
import type stock from "./ru/stock.json";
import type verdict from "./ru/verdict.json";

type Catalogues = typeof account &
  typeof acts &
  typeof app &
  typeof audit &
  typeof errors &
  typeof files &
  typeof integrations &
  typeof meeting &
  typeof notifications &
  typeof organisation &
  typeof outbox &
  typeof paper &
  typeof registration &
  typeof scanner &
  typeof sign &
  typeof stock &
  typeof verdict;

export type Key = keyof Catalogues;
