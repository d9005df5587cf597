import type { Run } from "./command.ts";
import { openHub } from "./open.ts";
import { bold, table } from "./terminal.ts";

const tools: Run = async (context) => {
  const { hub, close } = await openHub(context);
  const offered = hub.tools();
  process.stdout.write(
    context.json
      ? `${JSON.stringify(offered.map(({ description }) => description))}\n`
      : table(
          ["Tool", "Effect", "What it answers"],
          offered.map(({ name, tool }) => [
            bold(name),
            tool.effect,
            tool.description.split(/(?<=\.)\s/)[0] ?? "",
          ]),
        ),
  );
  await close();
  return 0;
};

export default tools;
