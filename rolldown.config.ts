import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { defineConfig, type Plugin, type RolldownOptions } from "rolldown";

// Every connector and every sandbox is an entry of its own, found by its folder: the host never names one.
const connectors = readdirSync("connectors").flatMap((name) =>
  [`connectors/${name}/connector`, `connectors/${name}/sandbox/sandbox`].filter((path) =>
    existsSync(`${path}.ts`),
  ),
);
const entries = ["src/revops-hub", "src/connector/contract", "src/catalog/describe", ...connectors];

/** What a client waits for at the start, in one file: modules are read one after another. */
const AT_START = [
  /\/src\/(?!revops-hub|cli\/(?!serve|open|command|usage|format)|mcp\/client)/,
  /\/(zod|tsyringe|reflect-metadata)\//,
  /\/@modelcontextprotocol\/(core|server)\//,
];

const hub: RolldownOptions = {
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
};

// A view is one HTML file and nothing else: whoever shows it lets it load nothing.
const views = readdirSync("connectors")
  .map((name) => `connectors/${name}/views`)
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".view.ts"))
      .map(
        (file): RolldownOptions => ({
          input: `${folder}/${file}`,
          platform: "browser",
          output: { dir: `dist/${folder}`, format: "iife", minify: true },
          plugins: [intoPage(folder, `${basename(file, ".view.ts")}.html`)],
        }),
      ),
  );

/** Puts the script and the style of a view into its page. */
function intoPage(folder: string, fileName: string): Plugin {
  return {
    name: "into-page",
    generateBundle(_, bundle) {
      const [chunk] = Object.values(bundle);
      if (chunk?.type !== "chunk") throw new Error(`${fileName} has no script`);
      // The end of a script must not come before its end.
      const script = chunk.code.trim().replaceAll("</script", "<\\/script");
      const style = readFileSync(`${folder}/page.css`, "utf8").replace(/\/\*[\s\S]*?\*\/|\n\s*/g, "");
      delete bundle[chunk.fileName];
      const page = readFileSync(`${folder}/page.html`, "utf8");
      const source = page.replace("/*style*/", () => style).replace("/*script*/", () => script);
      this.emitFile({ type: "asset", fileName, source });
    },
  };
}

export default defineConfig([hub, ...views]);
