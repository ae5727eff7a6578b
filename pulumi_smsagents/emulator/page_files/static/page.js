// The page works as links and forms; what is added here: it stays up to date, and it can steer the emulator.
import { start } from "./live.js";
import { listen } from "./actions.js";
import { listen as listen_to_phone, refresh as refresh_phone } from "./phone.js";

listen();
listen_to_phone();
start(refresh_phone);
