import type { Run } from "./command.ts";
import { openHub } from "./open.ts";
import { loginTarget } from "./signed-in.ts";

const logout: Run = async (context) => {
  const hub = await openHub(context, { logLevel: "silent" });
  try {
    const { title, api, login } = loginTarget(hub.supervised, context.words[0]);
    const forgotten = await login.forget(api);
    const said = forgotten
      ? `The login to ${title} is forgotten. A hub that is running goes on until its session ends.`
      : `There was no login to ${title}.`;
    process.stdout.write(context.json ? `${JSON.stringify({ forgotten })}\n` : `${said}\n`);
    return 0;
  } finally {
    await hub.close();
  }
};

export default logout;
