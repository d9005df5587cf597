// Runs before `npm test` and `npm run demo`, on whatever Node the machine has: installs and builds what
// is missing, and costs a few milliseconds when nothing is.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const at = (...path) => join(root, ...path);

const INSTALLED = at("node_modules", ".revops-hub-installed");
const BUILT = at("dist", ".built");
const SOURCES = [
  "src",
  "connectors",
  "sandbox",
  "scripts",
  "rolldown.config.ts",
  "package.json",
  "package-lock.json",
];

const run = (command, args, env = process.env) => {
  // stdout stays free for whoever called npm; what is installed or built is news for a person.
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    env,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (error || status !== 0) {
    process.stderr.write(`\n${command} ${args.join(" ")} failed. Fix what it says above and try again.\n`);
    process.exit(1);
  }
};

const install = () => {
  const wanted = createHash("sha256")
    .update(readFileSync(at("package-lock.json")))
    .digest("hex");
  const installed = existsSync(INSTALLED) ? readFileSync(INSTALLED, "utf8") : "";
  if (installed === wanted) return;
  process.stderr.write("Installing what is missing (once)…\n");
  const npm = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  if (npm?.endsWith(".js")) run(process.execPath, [npm, ...args]);
  else run("npm", args);
  // Where npm is told not to run install scripts, Node itself is still missing.
  if (!existsSync(at("node_modules", "node", "bin")))
    run(process.execPath, ["node_modules/node/installArchSpecificPackage.js"]);
  writeFileSync(INSTALLED, wanted);
};

const newest = (path) => {
  const facts = statSync(path);
  if (!facts.isDirectory()) return facts.mtimeMs;
  return Math.max(facts.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
};

const build = () => {
  const changed = Math.max(...SOURCES.map((path) => newest(at(path))));
  if (existsSync(BUILT) && statSync(BUILT).mtimeMs > changed) return;
  rmSync(at("dist"), { recursive: true, force: true });
  // The Node that came with the project, not the machine's.
  const bin = at("node_modules", ".bin");
  run("node", ["scripts/build.mjs"], { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` });
  writeFileSync(BUILT, "");
};

install();
build();
