import app from "./app.json";
import errors from "./errors.json";
import scanner from "./scanner.json";
import verdict from "./verdict.json";

export default { ...app, ...errors, ...scanner, ...verdict };
