import type { Check } from "../connector/contract.ts";
import type { Supervised } from "../connector/supervise.ts";
import { HubError, toHubError } from "../errors.ts";
import { examine } from "../hub/examine.ts";
import { clean } from "../text/fence.ts";
import type { Run } from "./command.ts";
import { type OpenedHub, openHub } from "./open.ts";
import { bold, dim, green, red, yellow } from "./terminal.ts";

const doctor: Run = async (context) => {
  const hub = await openHub(context, { logLevel: "silent" });
  try {
    const findings = await examineAll(hub, context.sandbox);
    process.stdout.write(context.json ? `${JSON.stringify(findings)}\n` : findings.map(line).join(""));
    return findings.some(({ level }) => level === "problem") ? 1 : 0;
  } finally {
    await hub.close();
  }
};

const examineAll = async (
  { loaded, home, supervised, trail, approvals, status }: OpenedHub,
  sandbox: boolean,
): Promise<Check[]> => {
  const { readOnly, killed } = status();
  const isAlive = ({ name }: Supervised) => !killed.includes(name) && !killed.includes("*");
  return [
    { level: "ok", what: "Configuration", detail: loaded.path },
    { level: "ok", what: "State folder", detail: home },
    {
      level: "ok",
      what: "Writes",
      detail: readOnly ? "off: the hub is read-only" : writesInWords(loaded.config.writes),
    },
    ...leftOpen(status().trail.unsettled ?? []),
    ...waiting((await approvals.list()).length),
    ...killed.map(
      (scope): Check => ({
        level: "warning",
        what: "Kill switch",
        detail: `on for ${scope === "*" ? "the whole hub" : scope}; it was not asked`,
        hint: ["revops-hub kill off", scope !== "*" && scope, sandbox && "--sandbox"]
          .filter(Boolean)
          .join(" "),
      }),
    ),
    trailFinding(trail.verify()),
    ...(await Promise.all(supervised.filter(isAlive).map(findingsOf))).flat(),
  ];
};

const writesInWords = ({ confirm, perDay }: OpenedHub["loaded"]["config"]["writes"]): string =>
  `on, confirm: ${confirm}, at most ${perDay} a day by one person`;

const leftOpen = (intents: readonly number[]): Check[] =>
  intents.length === 0
    ? []
    : [
        {
          level: "warning",
          what: "Writes",
          detail: `of unknown outcome: trail entries ${intents.join(", ")}`,
          hint: "revops-hub reconcile looks at the records and says how they ended.",
        },
      ];

const waiting = (changes: number): Check[] =>
  changes === 0
    ? []
    : [
        {
          level: "warning",
          what: "Writes",
          detail: `${changes} wait for a person`,
          hint: "revops-hub approve shows them.",
        },
      ];

const trailFinding = ({ ok, entries, problem }: { ok: boolean; entries: number; problem?: string }): Check =>
  ok
    ? { level: "ok", what: "Audit trail", detail: `${entries} entries, verified` }
    : {
        level: "problem",
        what: "Audit trail",
        detail: problem ?? "damaged",
        hint: "Keep the file as evidence; see `revops-hub audit verify`.",
      };

/** A vendor's words go to a terminal here, so they are cleaned and cut as in an answer. */
const LONGEST_SAID = 500;

const findingsOf = async (one: Supervised): Promise<Check[]> => {
  const { name, connector, failure } = one;
  const what = connector?.title ?? name;
  if (!connector || failure) {
    const { message: detail, hint } = failure ?? new HubError("config", "not loaded");
    return [{ level: "problem", what, detail, hint }];
  }
  try {
    const { summary, checks = [] } = await examine(one);
    return [
      { level: "ok", what, detail: clean(summary) },
      ...checks.map((check) => ({ ...check, what: `${what}, ${check.what}`, detail: clean(check.detail) })),
    ];
  } catch (thrown) {
    const { message, hint, vendor } = toHubError(thrown);
    const said = vendor?.message ? ` It said: ${clean(vendor.message, LONGEST_SAID)}` : "";
    return [{ level: "problem", what, detail: `${message}${said}`, hint }];
  }
};

const MARKS = { ok: green("✔"), warning: yellow("!"), problem: red("✘") };

const line = ({ level, what, detail, hint }: Check): string =>
  `${MARKS[level]} ${bold(what)}: ${detail}\n${hint ? `  ${dim(`→ ${hint}`)}\n` : ""}`;

export default doctor;
