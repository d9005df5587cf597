/**
 * `npm run test:clients`: programs we did not write, judging the built hub over the sandbox. The
 * Inspector is a dev dependency; Claude Code is installed into a temporary folder.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const CLAUDE_CODE = "@anthropic-ai/claude-code@2.1.329";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "revops-hub-clients-"));
const hub = [process.execPath, join(root, "dist/src/revops-hub.js"), "--sandbox"];
const env = { ...process.env, HOME: folder, REVOPS_HUB_HOME: join(folder, "state") };

const run = async (program: string, args: readonly string[], cwd = root): Promise<string> => {
  const { stdout } = await promisify(execFile)(program, args, {
    cwd,
    env,
    maxBuffer: 32 * 1024 * 1024,
    timeout: 180_000,
  });
  return stdout;
};

const inspector = (era: string, ...args: string[]) =>
  run(join(root, "node_modules/.bin/mcp-inspector"), [
    "--cli",
    ...hub,
    "--format",
    "json",
    "--protocol-era",
    era,
    ...args,
  ]);

interface Check {
  readonly what: string;
  readonly run: () => Promise<string>;
  readonly expect: RegExp;
}

const checks: readonly Check[] = ["legacy", "modern"].flatMap((era): Check[] => [
  {
    what: `Inspector, ${era} era: tools/list`,
    run: () => inspector(era, "--method", "tools/list"),
    expect: /"revops_review_commits"/,
  },
  {
    what: `Inspector, ${era} era: the risky Commit deals`,
    run: () => inspector(era, "--method", "tools/call", "--tool-name", "revops_review_commits"),
    expect: /amountAtRisk/,
  },
  {
    what: `Inspector, ${era} era: a forecast, polled`,
    run: () => inspector(era, "--method", "tools/call", "--tool-name", "clari_get_forecast"),
    expect: /attainment/,
  },
  {
    what: `Inspector, ${era} era: resources, and the glossary among them`,
    run: () => inspector(era, "--method", "resources/read", "--uri", "revops://glossary"),
    expect: /fiscalYearStartsIn/,
  },
  {
    what: `Inspector, ${era} era: a prompt`,
    run: () => inspector(era, "--method", "prompts/get", "--prompt-name", "commit_inspection"),
    expect: /revops_review_commits/,
  },
]);

const claudeCode: Check = {
  what: `Claude Code: claude mcp list (${CLAUDE_CODE})`,
  run: async () => {
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({
        name: "clients",
        version: "1.0.0",
        allowScripts: { "@anthropic-ai/claude-code": true },
      }),
    );
    await run("npm", ["install", "--no-audit", "--no-fund", CLAUDE_CODE], folder);
    const claude = join(folder, "node_modules/.bin/claude");
    await run(claude, ["mcp", "add", "revops-hub", "--", ...hub], folder);
    return run(claude, ["mcp", "list"], folder);
  },
  expect: /revops-hub.*Connected/,
};

let failed = 0;
for (const check of [...checks, claudeCode]) {
  const output = await check.run().catch((error: Error) => `failed: ${error.message}`);
  const passed = check.expect.test(output);
  if (!passed) failed += 1;
  process.stdout.write(
    `${passed ? "passed" : "FAILED"}  ${check.what}\n${passed ? "" : `${output.slice(0, 2_000)}\n`}`,
  );
}
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`${checks.length + 1 - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
