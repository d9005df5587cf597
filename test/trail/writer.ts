/** A process that appends to the trail in FOLDER, COUNT entries one after the other. */
import { systemClock } from "../../src/clock.ts";
import { createTrail } from "../../src/trail/trail.ts";
import { call } from "./entries.ts";

const [folder, count] = process.argv.slice(2);
const trail = createTrail({ folder: folder!, clock: systemClock, isAlive: () => true });
for (let n = 1; n <= Number(count); n += 1) await trail.append(call(n));
await trail.close();
