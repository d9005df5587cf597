/** Asks a connector how it is, for `doctor` and after its first use. */
import type { Health } from "../connector/contract.ts";
import type { Supervised } from "../connector/supervise.ts";
import { ledger } from "../connector/upstream.ts";
import { HubError } from "../errors.ts";
import { untilAborted } from "../middleware/until-aborted.ts";

const LIMIT_MS = 15_000;

/**
 * Outside every call: what it sends is neither counted for one nor ended with it.
 *
 * @param ended ends it before its time limit does
 * @throws what the connector throws when its system cannot be used, `deadline_exceeded`, or the signal's reason
 */
export const examine = async ({ name, connector, api }: Supervised, ended?: AbortSignal): Promise<Health> => {
  const late = new AbortController();
  const end = () =>
    late.abort(
      new HubError("deadline_exceeded", `${name} could not be examined within ${LIMIT_MS / 1000} s.`),
    );
  const timer = setTimeout(end, LIMIT_MS);
  const signal = ended ? AbortSignal.any([ended, late.signal]) : late.signal;
  const asking = ledger.run({ signal, statuses: new Map() }, async () => connector!.health(api, { signal }));
  try {
    return await untilAborted(signal, asking);
  } finally {
    clearTimeout(timer);
  }
};
