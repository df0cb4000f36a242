import errors from "./errors.json";
import verdict from "./verdict.json";

export default { ...errors, ...verdict };
