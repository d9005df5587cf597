/**
 * The order of the steps, outer to inner; results travel back up. Moving a line changes what the hub
 * promises, so each says why it stands where it does.
 */

import { answer } from "./answer.ts";
import { authenticate } from "./authenticate.ts";
import { authorize } from "./authorize.ts";
import type { Step } from "./compose.ts";
import { confirm } from "./confirm.ts";
import { conform } from "./conform.ts";
import type { Deps } from "./deps.ts";
import { execute } from "./execute.ts";
import { fence } from "./fence.ts";
import { firstUse } from "./first-use.ts";
import { harden } from "./harden.ts";
import { intend } from "./intend.ts";
import { killSwitch } from "./kill-switch.ts";
import { record } from "./record.ts";
import { redact } from "./redact.ts";
import { shape } from "./shape.ts";
import { throttle } from "./throttle.ts";
import { trace } from "./trace.ts";
import { validate } from "./validate.ts";

export const order = (deps: Deps): readonly Step[] => [
  trace(deps), //        outermost: one log line for every call, whatever happens inside
  answer(deps), //       the only error boundary: what is thrown below becomes an answer here
  authenticate(deps), // nothing is recorded about nobody
  record(deps), //       outside every refusal, so that refused, malformed and unknown calls are recorded too
  killSwitch(deps), //   before rights are even looked at: killed means killed for everyone
  firstUse(deps), //     after the kill switch, and outside all that sends: what was asked is known when the call ends
  authorize(deps), //    the predicate of tools/list; read-only lives here; before validate, so strangers learn no schema
  throttle(deps), //     before the arguments are read: a flood of malformed calls is paid for as well
  validate(deps), //     from here on the input is what the tool declared
  harden(deps), //       policies on the parsed input, and the clock starts
  confirm(deps), //      writes: a person sees what would change, before anything is durable or sent
  shape(deps), //        last on the way out, so that caps count what is really sent
  fence(deps), //        marks vendor text, after redact so that a mark cannot split a secret
  redact(deps), //       cleans and blacks out, in declared fields only
  conform(deps), //      first on the way out: undeclared fields never reach the steps above
  intend(deps), //       writes: hugs execute, so an intent without an outcome is exactly what is in doubt
  execute(deps), //      the tool
];
