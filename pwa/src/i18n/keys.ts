/** All keys there are; the Russian catalogues say which, a test keeps the other languages equal. */

import type app from "./ru/app.json";
import type errors from "./ru/errors.json";
import type scanner from "./ru/scanner.json";
import type verdict from "./ru/verdict.json";

export type Key = keyof typeof app | keyof typeof errors | keyof typeof scanner | keyof typeof verdict;
