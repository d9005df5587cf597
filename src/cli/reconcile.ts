import type { Run } from "./command.ts";
import { openHub } from "./open.ts";
import { green, red, table, yellow } from "./terminal.ts";

const reconcile: Run = async (context) => {
  const hub = await openHub(context);
  try {
    const settled = await hub.reconcile();
    const rows = settled.map(({ write, outcome, because }) => [
      write.sequence,
      write.at.replace("T", " ").slice(0, 16),
      write.changes.map(({ record, field }) => `${record.object} ${record.id} ${field}`).join(", "),
      MARKS[outcome],
      because,
    ]);
    process.stdout.write(
      context.json
        ? `${JSON.stringify(settled)}\n`
        : rows.length > 0
          ? table(["#", "Begun", "Change", "Outcome", "Because"], rows)
          : "No write was left open.\n",
    );
    return settled.some(({ outcome }) => outcome === "unknown") ? 1 : 0;
  } finally {
    await hub.close();
  }
};

const MARKS = { applied: green("applied"), failed: yellow("not made"), unknown: red("unknown") };

export default reconcile;
