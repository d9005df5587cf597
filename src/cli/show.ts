/** `call --open`: a tool's answer in its view, in the browser of a person whose client shows no views. */
import type { View } from "../catalog/views.ts";
import { systemClock } from "../clock.ts";
import { HubError } from "../errors.ts";
import type { Hub } from "../hub/hub.ts";
import { type Answer, isQuestion } from "../middleware/call.ts";
import { openBrowser } from "./browser.ts";
import { renderAnswer } from "./render.ts";
import { serveView, type ViewResult } from "./view-server.ts";

const CLIENT = "revops-hub-view";

/**
 * Serves until the page is left or Ctrl-C. Returns the exit status.
 *
 * @throws HubError `config` when the tool has no view
 */
export const showInBrowser = async (
  hub: Hub,
  tool: string,
  input: Readonly<Record<string, unknown>>,
): Promise<number> => {
  const view = viewOf(hub, tool);
  const stop = new AbortController();
  const interrupted = () => stop.abort(new HubError("cancelled"));
  process.once("SIGINT", interrupted);
  const { signal } = stop;
  const call = async (called: string, given: unknown): Promise<ViewResult> =>
    resultOf(await hub.call({ tool: called, arguments: given, client: CLIENT, signal }));
  try {
    const result = await call(tool, input);
    if (result.isError) {
      process.stdout.write(renderAnswer(result.structuredContent));
      return 1;
    }
    const { address, ended } = await serveView({
      tool,
      view,
      input,
      result,
      call(called, given) {
        refuseWrites(hub, called);
        return call(called, given);
      },
      clock: systemClock,
      signal,
    });
    process.stdout.write(`${address}\n`);
    process.stderr.write("Shown until the page is closed, for at most 15 idle minutes, or until Ctrl-C.\n");
    if (process.stderr.isTTY) openBrowser(address);
    await ended;
    return 0;
  } finally {
    process.off("SIGINT", interrupted);
  }
};

const viewOf = (hub: Hub, name: string): View => {
  const tools = hub.tools();
  const view = tools.find((tool) => tool.name === name)?.view;
  if (view) return view;
  const drawn = tools.filter((tool) => tool.view).map((tool) => tool.name);
  throw new HubError("config", `There is no view for ${JSON.stringify(name)}.`, {
    hint:
      drawn.length > 0
        ? `There are views for ${drawn.join(", ")}; leave --open out for the others.`
        : "No tool of this hub has one; leave --open out.",
  });
};

/** A page in a browser is looked at. Whoever wants to change something does so where a person is asked. */
const refuseWrites = (hub: Hub, name: string): void => {
  if (hub.tools().some(({ name: known, tool }) => known === name && tool.effect === "write"))
    throw new HubError("forbidden", "A view may only read.");
};

const resultOf = (answer: Answer): ViewResult => {
  if (isQuestion(answer)) throw new HubError("forbidden", "A view may only read.");
  const { content, isError } = answer;
  return {
    content: [{ type: "text", text: JSON.stringify(content) }],
    structuredContent: content,
    ...(isError && { isError: true as const }),
  };
};
