/** The screens of answers, in one piece that is fetched while the camera still starts. */

export { VerdictList } from "./list";
export { Verdict } from "./verdict";
