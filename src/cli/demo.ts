/** The product in fifteen seconds: both vendors played by sandboxes, everything else real. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environment } from "../config/variables.ts";
import { HubError } from "../errors.ts";
import { type StartedClient, startClient } from "../mcp/client.ts";
import { type Columnar, recordsOf as records } from "../middleware/columnar.ts";
import { entryPoint } from "../places.ts";
import type { CommandContext, Run } from "./command.ts";
import { entryHints } from "./entry-hints.ts";
import { openOwnTrail } from "./own-trail.ts";
import { amount, bold, cyan, dim, green, red, table, yellow } from "./terminal.ts";

const say = (text: string) => void process.stdout.write(text);
const heading = (text: string) => say(`\n${bold(cyan(text))}\n`);

const demo: Run = async (context) => {
  const home = mkdtempSync(join(tmpdir(), "revops-hub-demo-"));
  const variables = { ...environment(), REVOPS_HUB_HOME: home };
  say(
    `${bold("revops-hub")}: Clari and Salesforce played by local servers over one made-up company; the hub is the real one.\n`,
  );
  const client = await startClient({
    command: process.execPath,
    args: [fileURLToPath(entryPoint), "--sandbox"],
    env: variables as Record<string, string>,
    answer: askPerson,
  });
  try {
    await showCatalog(client);
    await showForecast(client);
    const deal = await showCommits(client);
    await showWrite(client, deal);
  } finally {
    await client.close();
  }
  const verified = await showTrail({ ...context, variables, sandbox: true });
  rmSync(home, { recursive: true, force: true });
  say(entryHints());
  return verified ? 0 : 1;
};

/** Where progress was shown. */
const clearLine = () => {
  if (process.stdout.isTTY) say("\r\u001b[K");
};

/** Throws when the hub answers with an error: a demo must not pass over one. */
const ask = async (client: StartedClient, tool: string, input: Record<string, unknown>) => {
  const waiting = process.stdout.isTTY;
  const answer = await client.call(
    tool,
    input,
    waiting ? (message) => say(`\r\u001b[K${dim(message)}`) : undefined,
  );
  clearLine();
  const { error } = answer as { error?: { message: string; hint: string } };
  if (error) throw new HubError("internal", `${tool}: ${error.message}`, { hint: error.hint });
  return answer;
};

const money = (value: unknown): string => (typeof value === "number" ? amount(Math.round(value)) : "");

const showCatalog = async (client: StartedClient) => {
  heading("The tools a client sees");
  const tools = await client.tools();
  say(
    table(
      ["Tool", "What it answers"],
      tools.map(({ name, description = "" }) => [name, description.split(/(?<=[.?])\s/)[0] ?? ""]),
    ),
  );
};

const showForecast = async (client: StartedClient) => {
  heading("Forecast against quota, this quarter (clari_get_forecast)");
  const { rows, ...facts } = (await ask(client, "clari_get_forecast", {})) as Record<string, unknown> & {
    rows: Columnar;
  };
  const people = records(rows).slice(0, 8);
  say(
    table(
      ["Who", "Quota", "Commit", "Best case", "Closed", "Attainment", "Gap to quota"],
      people.map(({ name, role, quota, commit, bestCase, crmClosed, attainment, gap }) => [
        `${name}${role ? dim(`  ${role}`) : ""}`,
        money(quota),
        money(commit),
        money(bestCase),
        money(crmClosed),
        typeof attainment === "number" ? `${Math.round(attainment * 100)}%` : "",
        money(gap),
      ]),
    ),
  );
  say(sourceLine(facts));
};

interface DemoDeal {
  readonly id: string;
  readonly name: string;
}

const SHOWN = 10;

const showCommits = async (client: StartedClient): Promise<DemoDeal> => {
  heading("Which Commit deals are at risk? (revops_review_commits: Salesforce and Clari joined)");
  const answer = await ask(client, "revops_review_commits", {});
  const deals = records(answer.deals as Columnar);
  const [total] = answer.totals as Record<string, number>[];
  if (!total || !deals[0]) throw new HubError("internal", "The sandbox has no Commit deals.");
  say(
    table(
      ["At risk", "Deal", "Owner", "Closes", "Score", "Why"],
      deals
        .slice(0, SHOWN)
        .map(({ name, owner, amount: value, closeDate, score, reasons }) => [
          red(money(value)),
          String(name).slice(0, 36),
          String(owner),
          String(closeDate),
          String(score ?? "–"),
          String(reasons),
        ]),
    ),
  );
  say(
    `${bold(`${total.atRiskDeals} of ${total.deals} Commit deals`)} are at risk: ${bold(red(money(total.amountAtRisk)))} of ${money(total.amount)} ${answer.totals ? (total.currency ?? "") : ""}; ${total.unknownToForecast} not known to Clari. ${dim(`(first ${SHOWN} shown)`)}\n`,
  );
  say(sourceLine(answer));
  return { id: String(deals[0].id), name: String(deals[0].name) };
};

const showWrite = async (client: StartedClient, deal: DemoDeal) => {
  const write = {
    object_type: "Opportunity",
    object_id: deal.id,
    field_name: "NextStep",
    new_value: "Confirm signing date with the economic buyer",
    justification: "Agreed with the owner while preparing the forecast call",
  };
  heading(`A correction on "${deal.name}", first as a dry run (salesforce_update_field)`);
  const { dry_run } = (await ask(client, "salesforce_update_field", { ...write, dry_run: true })) as {
    dry_run: { requests: { method: string; url: string; note?: string }[] };
  };
  for (const { method, url, note } of dry_run.requests)
    say(`  ${bold(method.padEnd(5))} ${new URL(url).pathname}${note ? dim(`  ${note}`) : ""}\n`);
  say(dim("  None of these was sent.\n"));

  heading("The same for real");
  const { before, after } = await ask(client, "salesforce_update_field", write);
  say(`  ${write.field_name}: ${dim(String(before ?? "(empty)"))} → ${green(String(after))}\n`);
  const audited = await ask(client, "salesforce_query", {
    soql: `SELECT Id, Field_Name__c, Old_Value__c, New_Value__c, Justification__c FROM Cleanup_Audit__c WHERE Record_Id__c = '${deal.id}'`,
  });
  const [row] = records(audited.rows as Columnar);
  say(`  Salesforce's own audit row: ${String(row?.Id)} ${dim(String(row?.Justification__c ?? ""))}\n`);
};

/** Asked by the hub through the protocol; a real client shows a dialog. */
const askPerson = (question: string): boolean => {
  clearLine();
  say(
    `  ${yellow("The hub asks a person:")} ${question.split("\n").join("\n    ")}\n  ${dim("(the demo answers yes)")}\n`,
  );
  return true;
};

const showTrail = async (context: CommandContext): Promise<boolean> => {
  heading("The audit trail, verified");
  const trail = openOwnTrail(context);
  const { ok, entries, problem } = trail.verify();
  await trail.close();
  say(
    ok
      ? `${green("✔")} ${entries} entries, hash chain unbroken, head signed: every call above is in it.\n`
      : `${red("✘")} ${problem}\n`,
  );
  return ok;
};

const sourceLine = ({ sources, notices }: { sources?: unknown; notices?: unknown }): string => {
  const parts = (sources as { system: string; requests: number }[] | undefined) ?? [];
  const from = parts
    .map(({ system, requests }) => `${system}: ${requests} request${requests === 1 ? "" : "s"}`)
    .join(", ");
  const told = ((notices as string[] | undefined) ?? []).map((text) => `${yellow("!")} ${text}\n`).join("");
  return `${told}${dim(from)}\n`;
};

export default demo;
