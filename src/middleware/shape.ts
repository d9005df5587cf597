import { type OutputTable, tablesOf } from "../catalog/tables.ts";
import { HubError } from "../errors.ts";
import { cursorTo, type HeldReference, type HeldTable, MORE_HELD } from "../hub/held.ts";
import { estimateTokens } from "../text/tokens.ts";
import { type Call, envelopeOf, isQuestion } from "./call.ts";
import { type Columnar, columnar, namesIn, pick, refuseUnknownColumns, type TableValue } from "./columnar.ts";
import type { Step } from "./compose.ts";
import type { Deps } from "./deps.ts";

/** Turns tables into columns and rows, and keeps the answer within its budget by leaving out whole rows. */
export const shape = ({ config, held, clock }: Deps): Step => {
  return async function shape(call, next) {
    const outgoing = await next();
    if (call.dryRun || isQuestion(outgoing)) return outgoing;
    const tables = tablesOf(call.tool!.tool);
    const budget = call.arrival.whole ? Number.POSITIVE_INFINITY : config.limits.answerTokens;
    const { ...shaped } = outgoing;
    for (const { key } of tables) delete shaped[key];
    let left = budget - costOfRest({ ...shaped, ...envelopeOf(call, clock.now()) }, budget);
    for (const table of tables) {
      const value = outgoing[table.key] as TableValue | HeldReference | null | undefined;
      // Clients were told of an object, if of anything.
      if (!value) continue;
      const part = partOf(call, table, value);
      const page = pageOf(part, mostRows(call, table, value), left);
      left -= page.tokens;
      shaped[table.key] = {
        ...page.table,
        ...wayToTheRest(call, table, { ...part, ...linkIn(outgoing) }, page.table),
      };
    }
    return shaped;
  };

  /** The rows that a tool returns, or those that a cursor names. */
  function partOf(call: Call, { columns, ofRecords }: OutputTable, value: TableValue | HeldReference): Part {
    if ("cursor" in value) {
      const part = held.take(call.principal, value.cursor);
      return value.fields ? { ...part, ...pick(part, value.fields) } : part;
    }
    const { fields } = call.rows;
    const whole = columnar(value.rows);
    if (ofRecords && !columns && fields) refuseUnknown(fields, value.rows);
    const isAsked = ofRecords && (columns ? fields?.every((name) => columns.includes(name)) : fields);
    return {
      ...(isAsked ? pick(whole, fields!) : whole),
      total: value.total,
      from: value.from ?? 0,
      offset: 0,
    };
  }

  /** Holds what was cut, unless it is held already, and says how to get it. */
  function wayToTheRest(call: Call, { key }: OutputTable, part: Part, { returned }: Columnar) {
    const end = part.offset + returned;
    const left = part.rows.length - end;
    // Whoever takes the whole, and asks for less of it, will not come back for the rest.
    if (left === 0 || call.arrival.whole) return {};
    const result = part.result ?? held.put(call.principal, { ...part, systems: systemsOf(call) });
    if (result === undefined) {
      call.notices.push(`${left} more rows are too many to be held: ask a narrower question.`);
      return {};
    }
    // Whoever asks for a summary knows that there are rows.
    if (returned > 0)
      call.notices.push(`${left} more rows${key === "rows" ? "" : ` of ${key}`} ${MORE_HELD}`);
    const cursor = cursorTo(result, end);
    const csv = `revops://rows/${cursor}`;
    call.links.push({ uri: csv, name: key, rows: part.rows.length });
    return { cursor, csv };
  }
};

/** All rows there are to show, and from which on. */
type Part = Omit<HeldTable, "systems"> & { readonly offset: number; readonly result?: string };

/** The one link of an answer, in which `{id}` stands for a row's id, is held with its rows. */
const linkIn = ({ link }: Record<string, unknown>): Pick<HeldTable, "link"> =>
  typeof link === "string" ? { link } : {};

/** For columns that only the rows tell; where there are none, nothing can be said of them. */
const refuseUnknown = (fields: readonly string[], rows: TableValue["rows"]): void => {
  const known = namesIn(rows);
  if (known.size > 0) refuseUnknownColumns(fields, [...known]);
};

/** What cannot be cut into rows may exceed the budget up to this: clients cut answers at 25,000 tokens. */
const MOST_UNCUT = 24_000;

const costOfRest = (rest: object, budget: number): number => {
  const tokens = estimateTokens(JSON.stringify(rest));
  if (tokens <= Math.max(budget, MOST_UNCUT)) return tokens;
  throw new HubError("internal", `The answer would have ${tokens} tokens, more than a client can take.`, {
    hint: "Ask a narrower question.",
  });
};

/**
 * As many as were asked for; without that as many as the tool gives at once, or all to whoever takes the whole.
 * Sums are few, and never cut so.
 */
const mostRows = (
  { arrival, rows }: Call,
  { ofRecords }: OutputTable,
  { page }: { page?: number },
): number => {
  if (ofRecords && rows.view === "summary") return 0;
  const usual = (arrival.whole ? undefined : page) ?? Number.POSITIVE_INFINITY;
  return (ofRecords ? rows.limit : undefined) ?? usual;
};

/** What a table costs beside its columns and rows: counts, cursor and link. */
const FRAME_TOKENS = 80;

/** As many whole rows as there are tokens for, at least one, but no more than `most`. */
const pageOf = ({ columns, shared, rows, total, from, offset }: Part, most: number, budget: number) => {
  const head = { columns, ...(Object.keys(shared).length > 0 && { shared }) };
  let tokens = FRAME_TOKENS + estimateTokens(JSON.stringify(head));
  let end = offset;
  while (end < rows.length && end - offset < most) {
    const cost = estimateTokens(JSON.stringify(rows[end]));
    if (end > offset && tokens + cost > budget) break;
    tokens += cost;
    end += 1;
  }
  const sent = rows.slice(offset, end);
  const table: Columnar = {
    ...head,
    rows: sent,
    returned: sent.length,
    total,
    truncated: from + end < total,
  };
  return { table, tokens };
};

/** While one of them is killed, nothing of the answer is shown again. */
const systemsOf = ({ tool, asked, facts, statuses }: Call): ReadonlySet<string> =>
  new Set([tool!.connector.name, ...asked, ...facts.keys(), ...statuses.keys()]);
