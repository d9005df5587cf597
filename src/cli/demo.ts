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
import { ask, clearLine, heading, money, say, sourceLine } from "./demo/asking.ts";
import { showForecastCall } from "./demo/forecast-call.ts";
import { entryHints } from "./entry-hints.ts";
import { openOwnTrail } from "./own-trail.ts";
import { bold, dim, green, red, table, yellow } from "./terminal.ts";

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
    await showForecastCall(client);
    const deal = await showCommits(client);
    await showWrite(client, deal);
  } finally {
    await client.close();
  }
  const verified = await showTrail({ ...context, variables, sandbox: true });
  rmSync(home, { recursive: true, force: true });
  heading("The same in a browser, drawn");
  say("npx revops-hub call revops_prepare_forecast_call --sandbox --open\n");
  say(entryHints());
  return verified ? 0 : 1;
};

const showCatalog = async (client: StartedClient) => {
  const names = (await client.tools()).map(({ name }) => name.split(/_(.*)/s));
  heading(`${names.length} tools, each sent through the same steps`);
  const systems = [...new Set(["revops", ...names.map(([system = ""]) => system)])];
  const toolsOf = (system: string) => names.filter(([of]) => of === system).map(([, name]) => name);
  say(
    table(
      ["System", "Tools"],
      systems.map((system) => [`${system}_`, toolsOf(system).join(", ")]),
    ),
  );
};

interface DemoDeal {
  readonly id: string;
  readonly name: string;
}

const SHOWN = 10;
const NAME_WIDTH = 36;

const shortened = (name: string): string =>
  name.length <= NAME_WIDTH ? name : `${name.slice(0, NAME_WIDTH - 1)}…`;

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
          shortened(String(name)),
          String(owner),
          String(closeDate),
          String(score ?? "–"),
          String(reasons),
        ]),
    ),
  );
  say(
    `${bold(`${total.atRiskDeals} of ${total.deals} Commit deals`)} are at risk: ${bold(red(money(total.amountAtRisk)))} of ${money(total.amount)} ${total.currency}; ${total.unknownToForecast} not known to Clari. ${dim(`(first ${SHOWN} shown)`)}\n`,
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

export default demo;
