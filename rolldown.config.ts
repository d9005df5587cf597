import { existsSync, readdirSync } from "node:fs";
import { defineConfig } from "rolldown";

// Every connector and every sandbox is an entry of its own, found by its folder: the host never names one.
const connectors = readdirSync("connectors").flatMap((name) =>
  [`connectors/${name}/connector`, `connectors/${name}/sandbox/sandbox`].filter((path) =>
    existsSync(`${path}.ts`),
  ),
);
const entries = ["src/revops-hub", "src/connector/contract", ...connectors];

export default defineConfig({
  input: Object.fromEntries(entries.map((path) => [path, `${path}.ts`])),
  platform: "node",
  // Loaded on first use from node_modules: one is large, the other a native binary.
  external: ["@jsforce/jsforce-node", "@napi-rs/keyring"],
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    // Everything a client waits for at the start in one file: modules are read one after another.
    codeSplitting: {
      groups: [{ name: "hub", test: /\/(src\/(?!revops-hub|cli\/(?!serve|open|commands|usage)|mcp\/client)|zod\/|@modelcontextprotocol\/(core|server)\/|tsyringe\/|reflect-metadata\/)/ }],
    },
    minify: { compress: true, mangle: false, codegen: true },
  },
});
