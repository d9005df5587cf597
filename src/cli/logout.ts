import type { Run } from "./command.ts";
import { openHub } from "./open.ts";
import { loginTarget } from "./signed-in.ts";

const logout: Run = async (context) => {
  const hub = await openHub(context, { logLevel: "silent" });
  try {
    const { api, login } = loginTarget(hub.supervised, context.words[0]);
    const said = await login.forget(api);
    process.stdout.write(context.json ? `${JSON.stringify({ signedOut: said })}\n` : `${said}\n`);
    return 0;
  } finally {
    await hub.close();
  }
};

export default logout;
