#!/usr/bin/env node
// Runs on any Node, also one too old for the rest: everything newer is behind the import below.
import module from "node:module";

const OLDEST = [22, 19];
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < OLDEST[0]! || (major === OLDEST[0] && minor < OLDEST[1]!)) {
  process.stderr.write(
    `revops-hub needs Node ${OLDEST.join(".")} or newer; this is ${process.versions.node} (${process.execPath}). ` +
      "Name a newer one as the command of the mcpServers entry; `npm run demo` prints an entry that works.\n",
  );
  process.exit(1);
}

module.enableCompileCache?.();
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
