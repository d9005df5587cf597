/** The access token of an org that the Salesforce CLI is signed in to. */
import { platform } from "node:os";
import { z } from "zod";
import { HubError, isHubError } from "#connector";
import { refuseOtherOrg } from "./token-endpoint.ts";

const shown = z.object({ result: z.object({ accessToken: z.string().min(1) }) });
/** Which org an alias stands for only this command tells; its own token it no longer shows. */
const displayed = z.object({ result: z.object({ instanceUrl: z.string().min(1) }) });

/** The CLI is a batch file on Windows, which no program can start by itself. */
const PROGRAM = platform() === "win32" ? "cmd.exe /d /c sf" : "sf";

/** Throws `needs_login`, naming the command. It takes about a second, so nobody waits for it at the start. */
export const sfCliToken = async (
  alias: string,
  instanceUrl: string,
  secret: (reference: string) => Promise<string>,
): Promise<string> => {
  const command = `sf org auth show-access-token -o ${alias} --json`;
  const failed = (why: string) =>
    new HubError("needs_login", `The Salesforce CLI gave no access token: ${why}`, {
      hint: `Sign it in with \`sf org login web --alias ${alias} --instance-url ${instanceUrl}\`; then \`${command}\` must end well at a terminal.`,
    });
  const run = (words: string) =>
    secret(`cmd:${PROGRAM}${words.slice("sf".length)}`).catch((error: unknown) => {
      throw isHubError(error) ? failed(error.message) : error;
    });
  const [token, org] = await Promise.all([run(command), run(`sf org display -o ${alias} --json`)]);
  const { result } = shown.safeParse(jsonOf(token)).data ?? {};
  if (!result) throw failed("its answer has none.");
  const where = displayed.safeParse(jsonOf(org)).data;
  if (!where) throw failed(`\`sf org display\` does not say which org ${alias} is.`);
  refuseOtherOrg(where.result.instanceUrl, instanceUrl);
  return result.accessToken;
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
