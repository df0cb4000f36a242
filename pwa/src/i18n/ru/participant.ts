import account from "./account.json";
import acts from "./acts.json";
import audit from "./audit.json";
import files from "./files.json";
import integrations from "./integrations.json";
import meeting from "./meeting.json";
import notifications from "./notifications.json";
import organisation from "./organisation.json";
import outbox from "./outbox.json";
import paper from "./paper.json";
import registration from "./registration.json";
import sign from "./sign.json";
import stock from "./stock.json";

export default { ...account, ...acts, ...audit, ...files, ...integrations, ...meeting, ...notifications, ...organisation, ...outbox, ...paper, ...registration, ...sign, ...stock };
