import type { RecordRef } from "../connector/contract.ts";
import { HubError } from "../errors.ts";
import { redact } from "../text/sensitive.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";

/** Writes only: nothing is sent before it is on disk that it will be, and in which records. */
export const intend = ({ trail, clock, config }: Deps): Step =>
  async function intend(call, next) {
    const { tool, connector } = call.tool!;
    if (tool.effect !== "write" || call.dryRun) return next();
    call.signal.throwIfAborted();
    const targets = [...new Set(call.changes.map(({ record }) => nameOf(record)))];
    if (targets.length === 0)
      throw new HubError("internal", undefined, {
        cause: new Error(`${tool.name}: preview() shows no change`),
      });
    const kept = config.trail.values === "plain" ? (value: unknown) => value ?? null : trail.keys.seal;
    call.intent = await trail.intend(
      {
        kind: "intent",
        at: new Date(clock.now()).toISOString(),
        call: call.id,
        tool: tool.name,
        principal: call.principal.id,
        client: call.arrival.client,
        args: call.args,
        targets,
        changes: call.changes.map(({ record, field, version, before, after }) => ({
          record: nameOf(record),
          field,
          ...(version !== undefined && { version }),
          before: kept(before),
          after: kept(after),
        })),
        justification: redact(tool.reason(call.input), config.redact.types),
      },
      { connector: connector.name, perDay: config.writes.perDay },
    );
    return next();
  };

const nameOf = ({ system, object, id }: RecordRef): string => `${system}:${object}:${id}`;
