/** The design, executable: who may know whom, and what nobody may do. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

interface Source {
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  /** What it imports: repo paths for our own modules, names for others. */
  readonly imports: readonly string[];
}

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|\brequire\s*\(\s*)"([^"]+)"/g;
const ALIASES: Record<string, string> = { "#connector": "src/connector/contract.ts" };

const resolveImport = (from: string, name: string): string => {
  if (ALIASES[name]) return ALIASES[name];
  if (name.startsWith("#sandbox/")) return name.slice(1);
  return name.startsWith(".") ? posix.join(posix.dirname(from), name) : name;
};

const sources: Source[] = ["src", "connectors", "sandbox"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => {
      const path = relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join("/");
      const text = readFileSync(join(ROOT, path), "utf8");
      const imports = [...text.matchAll(IMPORT)].map(([, name]) => resolveImport(path, name!));
      return { path, text, lines: text.split("\n").length, imports };
    }),
);

const inFolder = (folder: string) => sources.filter(({ path }) => path.startsWith(`${folder}/`));
const offenders = (among: readonly Source[], forbidden: (name: string, from: string) => boolean) =>
  among.flatMap(({ path, imports }) =>
    imports.filter((name) => forbidden(name, path)).map((name) => `${path} → ${name}`),
  );

const connectorOf = (path: string) => path.split("/").slice(0, 2).join("/");
const isSandbox = (path: string) => /^(connectors\/[^/]+\/)?sandbox\//.test(path);

describe("dependencies point one way", () => {
  test("there is something to look at", () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(300);
  });

  test("connectors know the contract and themselves, not the host and not each other", () => {
    const connectors = inFolder("connectors").filter(({ path }) => !isSandbox(path));
    expect(
      offenders(
        connectors,
        (name, from) =>
          (name.startsWith("src/") && name !== "src/connector/contract.ts") ||
          (name.startsWith("connectors/") && connectorOf(name) !== connectorOf(from)),
      ),
    ).toEqual([]);
  });

  test("the host knows no connector", () => {
    expect(offenders(inFolder("src"), (name) => name.startsWith("connectors/"))).toEqual([]);
    const named = inFolder("src").filter(
      ({ path, text }) =>
        /\b(jsforce|opportunity__|\/v4\/|services\/data)\b/.test(text) && !path.startsWith("src/cli/demo"),
    );
    expect(named.map(({ path }) => path)).toEqual([]);
  });

  test("views know each other and d3, and nobody knows them: they run in a browser", () => {
    const isView = (path: string) => /^connectors\/[^/]+\/views\//.test(path);
    const views = sources.filter(({ path }) => isView(path));
    expect(views.length).toBeGreaterThan(3);
    expect(offenders(views, (name) => name !== "d3" && !isView(name))).toEqual([]);
    expect(
      offenders(
        sources.filter(({ path }) => !isView(path)),
        (name) => isView(name) || name === "d3",
      ),
    ).toEqual([]);
    // What strangers wrote becomes text, and nothing is run that was not there.
    const unsafe =
      /innerHTML|outerHTML|insertAdjacent|document\.write|srcdoc|\beval\b|new Function|DOMParser/;
    expect(views.filter(({ text }) => unsafe.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test("only --sandbox reaches a sandbox; a sandbox never reaches the connector it stands in for", () => {
    const production = sources.filter(({ path }) => !isSandbox(path) && path !== "src/cli/sandboxes.ts");
    expect(offenders(production, isSandbox)).toEqual([]);
    // The parser is shared on purpose; outside parsers judge it.
    const sandboxes = sources.filter(({ path }) => isSandbox(path));
    const allowed = (name: string) =>
      isSandbox(name) || name.startsWith("connectors/salesforce/soql/") || /^(node:|zod$)/.test(name);
    expect(offenders(sandboxes, (name) => !allowed(name))).toEqual([]);
  });

  test("only src/mcp knows the MCP SDK, only container.ts the container, only salesforce/transport.ts jsforce", () => {
    const only = (prefix: string, home: string) =>
      offenders(
        sources.filter(({ path }) => !path.startsWith(home)),
        (name) => name.startsWith(prefix),
      );
    expect(only("@modelcontextprotocol/", "src/mcp/")).toEqual([]);
    expect(only("tsyringe", "src/container.ts")).toEqual([]);
    expect(only("reflect-metadata", "src/container.ts")).toEqual([]);
    expect(only("@jsforce/", "connectors/salesforce/")).toEqual([]);
    expect(only("pino", "src/log.ts")).toEqual([]);
    // Megabytes of words, for tests and scripts: what is served reads what they measured.
    expect(only("gpt-tokenizer", "test/")).toEqual([]);
  });

  test("inner parts do not know the rim", () => {
    const rim = (name: string) => /^src\/(cli|mcp|main|container|revops-hub)/.test(name);
    for (const folder of ["catalog", "config", "connector", "hub", "middleware", "store", "text", "trail"])
      expect(offenders(inFolder(`src/${folder}`), rim)).toEqual([]);
    const pure = (name: string) => name.startsWith("src/") && !name.startsWith("src/text/");
    expect(offenders(inFolder("src/text"), pure)).toEqual([]);
  });
});

test("no module needs, directly or not, a module that needs it", () => {
  const known = new Map(sources.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
    if (done.has(path) || trail.includes(path)) return;
    for (const next of known.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const { path } of sources) visit(path, []);
  expect(circles).toEqual([]);
});

describe("what nobody may do", () => {
  const production = sources.filter(({ path }) => !isSandbox(path));
  const using = (pattern: RegExp, among = production) =>
    among.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

  test("only src/config reads the environment", () => {
    const outside = production.filter(({ path }) => !path.startsWith("src/config/"));
    // By name, by index, by destructuring, or through the module.
    expect(
      using(/\bprocess\s*(\??\.\s*env\b|(\?\.)?\s*\[)|\benv\b[^{}=]*\}\s*=\s*process\b/, outside),
    ).toEqual([]);
    expect(offenders(outside, (name) => /^(node:)?process$/.test(name))).toEqual([]);
  });

  test("only the protocol and the command line write to stdout", () => {
    const allowed = (path: string) =>
      path === "src/mcp/stdout.ts" || path === "src/main.ts" || path.startsWith("src/cli/");
    expect(using(/process\.stdout|console\./).filter((path) => !allowed(path))).toEqual([]);
  });

  test("only secrets and a person's login start programs, and never through a shell", () => {
    // A secret's own command, and the browser in which somebody signs in.
    const allowed = ["src/cli/browser.ts", "src/config/secrets.ts"];
    expect(using(/child_process/).sort()).toEqual(allowed);
    const starting = production.filter(({ path }) => allowed.includes(path));
    expect(using(/shell:\s*true|\bexec\(|execSync/, starting)).toEqual([]);
  });

  test("vendors are reached through the host's fetch alone", () => {
    const network = (name: string) => /^(node:)?(https?|http2|net|tls|dgram|undici|axios|got)$/.test(name);
    // The callback of a login and the page of `call --open` listen on this machine and ask nobody; node:net is there for types and isIP.
    expect(offenders(production, network).sort()).toEqual([
      "src/cli/callback.ts → node:http",
      "src/cli/callback.ts → node:net",
      "src/cli/view-server.ts → node:http",
      "src/cli/view-server.ts → node:net",
      "src/text/detectors/ip.ts → node:net",
    ]);
    expect(using(/\bcreateServer\b/).sort()).toEqual(["src/cli/callback.ts", "src/cli/view-server.ts"]);
    // Whoever calls fetch() outside the host has been handed the host's. A page's script asks the hub itself.
    const own = production.filter(
      ({ path, text }) =>
        !["src/connector/upstream.ts", "src/cli/view-page.ts"].includes(path) && !/\bFetch\b/.test(text),
    );
    expect(using(/(?<![.\w])fetch\(|globalThis\.fetch/, own)).toEqual([]);
    const connectors = production.filter(({ path }) => path.startsWith("connectors/"));
    expect(using(/\.(login|authorize|logout)\(|\bOAuth2\b/, connectors)).toEqual([]);
  });

  test("clocks are injected", () => {
    const clocks = ["src/clock.ts"];
    expect(using(/Date\.now\(\)|new Date\(\)/).filter((path) => !clocks.includes(path))).toEqual([]);
  });

  test("nothing is left undone", () => {
    expect(using(/\b(TODO|FIXME|XXX|HACK)\b/, sources)).toEqual([]);
  });

  test("no file grows past the point where it should be split", () => {
    expect(sources.filter(({ lines }) => lines > 400).map(({ path, lines }) => `${path}: ${lines}`)).toEqual(
      [],
    );
  });

  test("no catch-all names", () => {
    expect(
      sources
        .map(({ path }) => path)
        .filter((path) => /(util|helper|manager|common|misc|impl)s?\b/i.test(path)),
    ).toEqual([]);
  });
});

test("every runtime dependency is used, and has its reason in an ADR", () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const imported = new Set(sources.flatMap(({ imports }) => imports));
  const used = (name: string) => [...imported].some((one) => one === name || one.startsWith(`${name}/`));
  expect(Object.keys(dependencies).filter((name) => !used(name))).toEqual([]);
  const decisions = readdirSync(join(ROOT, "docs/adr")).map((name) =>
    readFileSync(join(ROOT, "docs/adr", name), "utf8"),
  );
  expect(Object.keys(dependencies).filter((name) => !decisions.some((text) => text.includes(name)))).toEqual(
    [],
  );
});
