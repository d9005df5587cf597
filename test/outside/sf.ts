/**
 * `npm run test:sf`: the vendor's own command line, judging the Salesforce sandbox. It is installed into a
 * temporary folder, once a version, and runs there with a home of its own.
 */
import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { systemClock } from "#sandbox/clock.ts";
import { makeCompany } from "#sandbox/company/company.ts";
import sandbox from "../../connectors/salesforce/sandbox/sandbox.ts";
import { CLIENT_ID, INTEGRATION_TOKEN } from "../../connectors/salesforce/sandbox/tokens.ts";

const CLI = "@salesforce/cli";
const VERSION = "2.150.6";

const cache = join(tmpdir(), `revops-hub-sf-cli-${VERSION}`);
const home = mkdtempSync(join(tmpdir(), "revops-hub-sf-home-"));
/** Nothing of the machine's own: no orgs, no settings, no proxies. */
const env = {
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  HOME: home,
  USERPROFILE: home,
  SF_ACCESS_TOKEN: INTEGRATION_TOKEN,
  SF_DISABLE_TELEMETRY: "true",
  SF_AUTOUPDATE_DISABLE: "true",
  SF_USE_GENERIC_UNIX_KEYCHAIN: "true",
};

const install = async (): Promise<void> => {
  const done = join(cache, ".installed");
  if (existsSync(done)) return;
  process.stdout.write(`Installing ${CLI}@${VERSION} into ${cache} (once)…\n`);
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, "package.json"), JSON.stringify({ name: "sf", version: "1.0.0", private: true }));
  const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", `${CLI}@${VERSION}`];
  await promisify(execFile)("npm", args, {
    cwd: cache,
    timeout: 600_000,
    shell: process.platform === "win32",
  });
  writeFileSync(done, VERSION);
};

// Each answer has a shape of its own; what is looked at is checked by looking.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Output = any;

/** What `--json` prints, also of a command that failed. */
const sf = async (...args: string[]): Promise<Output> => {
  const program = join(cache, "node_modules", CLI, "bin/run.js");
  const options = { env, cwd: home, maxBuffer: 32 * 1024 * 1024, timeout: 120_000 };
  const run = promisify(execFile)(process.execPath, [program, ...args, "--json"], options);
  const { stdout, stderr } = await run.catch((error: Error & { stdout: string; stderr: string }) => error);
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`no JSON: ${stdout.slice(0, 500)}${stderr.slice(0, 500)}`);
  }
};

await install();
const company = makeCompany({ seed: 7, now: systemClock.now() });
const server = await sandbox.start({ company, clock: systemClock });
const org = ["--target-org", "sandbox"];
const [account] = company.accounts;
const user = company.people.find(({ id }) => id === company.stories.integrationUser)!;
const record = ["--sobject", "Account", "--record-id", account!.id];
const login = ["--instance-url", server.url, "--no-prompt"];

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const keyFile = join(home, "key.pem");
writeFileSync(keyFile, keys.privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
server.configure({ jwtPublicKey: keys.publicKey.export({ type: "spki", format: "pem" }) });

interface Check {
  readonly what: string;
  readonly args: readonly string[];
  readonly holds: (output: Output) => boolean;
}

const checks: readonly Check[] = [
  {
    what: "org login access-token",
    args: ["org", "login", "access-token", ...login, "--alias", "sandbox"],
    holds: ({ result }) => result.username === user.email && result.name === company.organizationName,
  },
  {
    what: "data query, every account",
    args: ["data", "query", ...org, "--query", "SELECT Id, Name, Owner.Name FROM Account ORDER BY Id"],
    holds: ({ result }) =>
      result.totalSize === company.accounts.length &&
      result.records.some((one: Output) => one.Id === account!.id && one.Name === account!.name),
  },
  {
    what: "data query, groups",
    args: [
      "data",
      "query",
      ...org,
      "--query",
      "SELECT StageName, COUNT(Id) deals FROM Opportunity GROUP BY StageName",
    ],
    holds: ({ result }) =>
      result.records.reduce((sum: number, one: Output) => sum + one.deals, 0) === company.deals.length,
  },
  {
    what: "data query of a column that is not there: INVALID_FIELD",
    args: ["data", "query", ...org, "--query", "SELECT Nope FROM Account"],
    holds: ({ status, name, message }) =>
      status === 1 && name === "INVALID_FIELD" && message.includes("ERROR at Row:1:Column:8"),
  },
  {
    what: "data get record",
    args: ["data", "get", "record", ...org, ...record],
    holds: ({ result }) => result.Id === account!.id && result.Name === account!.name,
  },
  {
    what: "data update record, read back in the sandbox",
    args: ["data", "update", "record", ...org, ...record, "--values", "Name='Renamed by sf' Industry=Energy"],
    holds: ({ result }) =>
      result.success === true && account!.name === "Renamed by sf" && account!.industry === "Energy",
  },
  {
    what: "data create record, read back in the sandbox",
    args: ["data", "create", "record", ...org, "--sobject", "Task", "--values", "Subject='From sf'"],
    holds: ({ result }) => company.tasks.some(({ id, subject }) => id === result.id && subject === "From sf"),
  },
  {
    what: "sobject list",
    args: ["sobject", "list", ...org],
    holds: ({ result }) => result.includes("Opportunity") && result.includes("Cleanup_Audit__c"),
  },
  {
    what: "sobject describe",
    args: ["sobject", "describe", ...org, "--sobject", "Opportunity"],
    holds: ({ result }) =>
      result.name === "Opportunity" &&
      result.fields.some((field: Output) => field.name === "StageName" && field.restrictedPicklist === true),
  },
  {
    what: "org list limits",
    args: ["org", "list", "limits", ...org],
    holds: ({ result }) =>
      result.some(
        ({ name, max, remaining }: Output) =>
          name === "DailyApiRequests" && max === 15_000 && remaining > 0 && remaining < max,
      ),
  },
  {
    what: "org display",
    args: ["org", "display", ...org],
    holds: ({ result }) => result.connectedStatus === "Connected" && result.id === company.organizationId,
  },
  {
    what: "org auth show-access-token",
    args: ["org", "auth", "show-access-token", ...org],
    holds: ({ result }) => result.accessToken === INTEGRATION_TOKEN,
  },
  {
    what: "org login jwt",
    args: [
      ...["org", "login", "jwt", "--instance-url", server.url, "--alias", "jwt"],
      ...["--client-id", CLIENT_ID, "--jwt-key-file", keyFile, "--username", user.email],
    ],
    holds: ({ result }) => result.username === user.email,
  },
  {
    what: "data query with the token of org login jwt",
    args: ["data", "query", "--target-org", "jwt", "--query", "SELECT COUNT() FROM Opportunity"],
    holds: ({ result }) => result.totalSize === company.deals.length,
  },
];

let failed = 0;
for (const { what, args, holds } of checks) {
  let output: Output;
  let passed = false;
  try {
    output = await sf(...args);
    passed = holds(output);
  } catch (error) {
    output = { output, error: String(error) };
  }
  if (!passed) failed += 1;
  const detail = passed ? "" : `\n  ${JSON.stringify(output)?.slice(0, 2_000)}`;
  process.stdout.write(`${passed ? "✔" : "✘"} sf ${what}${detail}\n`);
}
await server.close();
rmSync(home, { recursive: true, force: true });
process.stdout.write(`${checks.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
