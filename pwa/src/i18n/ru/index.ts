import app from "./app.json";
import scanner from "./scanner.json";

export default { ...app, ...scanner };
