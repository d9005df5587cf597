import { chmodSync, existsSync, readdirSync } from "node:fs";
import { defineConfig } from "rolldown";

// Every connector and every sandbox is an entry of its own, found by its folder: the host never names one.
const connectors = readdirSync("connectors").flatMap((name) =>
  [`connectors/${name}/connector`, `connectors/${name}/sandbox/sandbox`].filter((path) =>
    existsSync(`${path}.ts`),
  ),
);
const entries = ["src/revops-hub", "src/connector/contract", ...connectors];

/** What a client waits for at the start, in one file: modules are read one after another. */
const AT_START = [
  /\/src\/(?!revops-hub|cli\/(?!serve|open|command|usage|format)|mcp\/client)/,
  /\/(zod|tsyringe|reflect-metadata)\//,
  /\/@modelcontextprotocol\/(core|server)\//,
];

export default defineConfig({
  input: Object.fromEntries(entries.map((path) => [path, `${path}.ts`])),
  platform: "node",
  // A native binary; everything else is bundled, also what is loaded on first use only.
  external: ["@napi-rs/keyring"],
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    codeSplitting: { groups: [{ name: "hub", test: (id) => AT_START.some((part) => part.test(id)) }] },
    // Names stay, so that a stack trace can be read.
    minify: { compress: true, mangle: false, codegen: true },
  },
  plugins: [
    {
      name: "executable",
      writeBundle: () => chmodSync("dist/src/revops-hub.js", 0o755),
    },
  ],
});
