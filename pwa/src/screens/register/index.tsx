/** Registration: from the checklist before the first signature to the operator's word. Coming back shows where one stands. */

import { useLocation } from "preact-iso";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Application } from "../../api/registration";
import { t } from "../../i18n";
import { useAttempt } from "../../store/attempt";
import { Page } from "../../ui/page";
import { Failure, Loading } from "../../ui/states";
import { application, load } from "./application";
import { Checklist } from "./checklist";
import { Confirm } from "./confirm";
import { Contact } from "./contact";
import { Data } from "./data";
import { Letter } from "./letter";
import { Approved, Checking, Refused, Waiting } from "./outcome";
import { Sign } from "./sign";
import { type Step, stepsOf } from "./steps";
import { typed } from "./typed";
import { Who } from "./who";

const STEPS = { data: Data, who: Who, contact: Contact, sign: Sign };
/** What was signed or refused can be mended; what lies at the desk cannot. */
const MENDABLE = new Set<Application["state"]>(["draft", "unconfirmed", "refused"]);

export default function Register(): JSX.Element {
  const { path } = useLocation();
  return path === "/register/confirm" ? <Confirm /> : <Own wanted={path.slice("/register/".length)} />;
}

function Own({ wanted }: { wanted: string }): JSX.Element {
  const { failure, run } = useAttempt();
  useEffect(() => void run(load), []);
  const own = application.value;
  if (own === undefined) {
    return <Page title={t("registration.title")}>{failure ? <Failure code={failure.code} onRetry={() => void run(load)} /> : <Loading />}</Page>;
  }
  return own ? <Stage own={own} wanted={wanted} /> : <Checklist />;
}

function Stage({ own, wanted }: { own: Application; wanted: string }): JSX.Element {
  const steps = stepsOf(own);
  const asked = steps.find((step) => step === wanted);
  if (asked && MENDABLE.has(own.state)) return <Typing own={own} step={asked} />;
  switch (own.state) {
    case "draft":
      return <Typing own={own} step={steps.find((step) => step === typed.value?.step) ?? (own.filled ? "sign" : "data")} />;
    case "checking":
      return <Checking />;
    case "unconfirmed":
      return <Letter own={own} />;
    case "submitted":
      return <Waiting own={own} />;
    case "refused":
      return <Refused own={own} />;
    case "approved":
      return <Approved own={own} />;
  }
}

/** A step of the form; signing comes only after all that it signs was typed. */
function Typing({ own, step }: { own: Application; step: Step }): JSX.Element {
  const ready = step !== "sign" || own.filled || typed.value?.sent;
  const Shown = STEPS[ready ? step : "data"];
  return <Shown own={own} />;
}
