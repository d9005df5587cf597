import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { CLIENT_ID, INTEGRATION_TOKEN } from "../../connectors/salesforce/sandbox/tokens.ts";
import { listenForCallback } from "../../src/cli/callback.ts";
import { systemClock } from "../../src/clock.ts";
import { createClock } from "../kit/clock.ts";
import { DESK, ROOT, startHub, temporaryFolder } from "../kit/hub.ts";
import { cleanEnvironment } from "../kit/process.ts";

/** From source: a login needs nothing that is built. */
const PROGRAM = fileURLToPath(new URL("src/revops-hub.ts", ROOT));

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const startOrg = async (auth?: object) => {
  const beside = await startHub({ connectors: ["salesforce"] });
  const sandbox = beside.sandbox("salesforce");
  const callbackPort = await freePort();
  const settings = {
    instanceUrl: sandbox.url,
    auth: auth ?? { type: "login", clientId: CLIENT_ID, callbackPort },
  };
  const file = join(temporaryFolder(), "hub.json");
  writeFileSync(
    file,
    JSON.stringify({ connectors: { salesforce: { config: settings }, desk: { from: DESK } } }),
  );
  return { sandbox, file, callbackPort, settings, env: cleanEnvironment({ TOKEN: INTEGRATION_TOKEN }) };
};

const start = (args: readonly string[], env: Record<string, string>) => {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream]!.on("data", (chunk) => {
      said[stream] += chunk;
    });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  return {
    child,
    said,
    /** The address the person is to open. */
    address: () =>
      expect
        .poll(() => /https?:\/\/\S+authorize\S+/.exec(said.stderr)?.[0], { timeout: 20_000 })
        .toBeTruthy()
        .then(() => new URL(/https?:\/\/\S+authorize\S+/.exec(said.stderr)![0])),
    finished: async () => ({ status: await ended, ...said }),
  };
};

const visit = async (url: string | URL) => {
  const response = await fetch(url);
  return { status: response.status, text: await response.text(), headers: response.headers };
};

describe("revops-hub login salesforce", () => {
  test("a person signs in, and every hub over this state folder is signed in", async () => {
    const { sandbox, file, settings, env } = await startOrg();
    const command = start(["login", "salesforce", "--config", file], env);
    // The sandbox's person allows at once: its answer leads the browser to the callback.
    const page = await visit(await command.address());
    expect(page).toMatchObject({ status: 200, text: "You are signed in. This window can be closed.\n" });
    expect(page.headers.get("cache-control")).toBe("no-store");
    const { status, stdout, stderr } = await command.finished();
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^Signed in to http:\S+ as \S+@\S+\.\n$/),
    });

    const [request] = sandbox.requests(/oauth2\/token/);
    const form = new URLSearchParams(request!.body);
    expect(form.get("code_verifier")).toMatch(/^[\w-]{43}$/);
    for (const secret of ["code", "code_verifier"]) expect(stdout + stderr).not.toContain(form.get(secret));

    const salesforce = { from: "salesforce", config: settings };
    const hub = await startHub({ connectors: { salesforce }, home: env.REVOPS_HUB_HOME!, sandboxes: false });
    expect((await hub.call("salesforce_query", { soql: "SELECT Id FROM OpportunityStage" })).isError).toBe(
      false,
    );
    expect(sandbox.requests(/oauth2\/token/)).toHaveLength(1);
    await hub.stop();

    const logout = await start(["logout", "salesforce", "--config", file], env).finished();
    expect(logout).toMatchObject({ status: 0, stdout: expect.stringContaining("revoked there") });
    const again = await start(["logout", "salesforce", "--config", file, "--json"], env).finished();
    expect(JSON.parse(again.stdout).signedOut).toContain("No login");
  });

  test("asks as an External Client App must: PKCE with S256, a state, its own callback", async () => {
    const { sandbox, file, callbackPort, env } = await startOrg();
    const command = start(["login", "salesforce", "--config", file], env);
    const address = await command.address();
    expect(address.origin + address.pathname).toBe(`${sandbox.url}/services/oauth2/authorize`);
    expect(Object.fromEntries(address.searchParams)).toEqual({
      response_type: "code",
      client_id: CLIENT_ID,
      redirect_uri: `http://localhost:${callbackPort}/callback`,
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
      scope: "api refresh_token",
    });
    command.child.kill("SIGINT");
    const { status, stderr } = await command.finished();
    expect(status).toBe(1);
    expect(stderr).toContain("given up");
  });

  test("a person who refuses is told so, and nothing is kept", async () => {
    const { sandbox, file, env } = await startOrg();
    sandbox.configure({ denyAuthorization: true });
    const command = start(["login", "salesforce", "--config", file], env);
    expect((await visit(await command.address())).text).toContain("The login failed");
    const { status, stdout, stderr } = await command.finished();
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/The login was refused\. It said: end-user denied authorization/);
    expect(sandbox.requests(/oauth2\/token/)).toEqual([]);
  });

  test("a code that Salesforce refuses ends in its own words", async () => {
    const { sandbox, file, env } = await startOrg();
    sandbox.configure({
      refuseTokens: { error: "invalid_grant", description: "expired authorization code" },
    });
    const command = start(["login", "salesforce", "--config", file], env);
    await visit(await command.address());
    const { status, stderr } = await command.finished();
    expect(status).toBe(1);
    expect(stderr).toContain("expired authorization code");
  });

  test.each([
    ["no system", ["login"], /Say which system\. It has desk, salesforce/],
    ["an unknown system", ["login", "hubspot"], /no connector "hubspot"/],
    ["a system without a login", ["login", "desk"], /knows no login by a person/],
    [
      "a system that is signed in otherwise",
      ["login", "salesforce"],
      /`auth\.type` access_token.*"type": "login"/,
    ],
  ])("%s is refused with what to do", async (_, args, message) => {
    const { file, env, sandbox } = await startOrg({ type: "access_token", token: "env:TOKEN" });
    const { status, stdout, stderr } = await start([...args, "--config", file], env).finished();
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(sandbox.requests()).toEqual([]);
  });

  test("a port that something else uses is named", async () => {
    const { file, env, callbackPort } = await startOrg();
    const squatter = createServer().listen(callbackPort, "127.0.0.1");
    onTestFinished(() => void squatter.close());
    const { status, stderr } = await start(["login", "salesforce", "--config", file], env).finished();
    expect(status).toBe(2);
    expect(stderr).toContain(`Port ${callbackPort}`);
  });
});

describe("the callback", () => {
  const listen = async (clock = systemClock) => {
    const stop = new AbortController();
    const callback = await listenForCallback({ port: 0, state: "expected", clock, signal: stop.signal });
    onTestFinished(callback.close);
    return { callback, stop, url: callback.redirectUri.replace("localhost", "127.0.0.1") };
  };

  test("takes only the answer to its own question, once", async () => {
    const { callback, url } = await listen();
    const codes: string[] = [];
    const received = callback.receive(async (code) => {
      codes.push(code);
      return "done";
    });
    for (const query of [
      "?code=evil",
      "?code=evil&state=other",
      "?code=evil&state=expecteD",
      "?error=access_denied",
    ])
      expect((await visit(url + query)).status).toBe(400);
    expect((await visit(new URL("/favicon.ico", url))).status).toBe(404);
    expect((await fetch(`${url}?code=c&state=expected`, { method: "POST" })).status).toBe(404);
    expect((await visit(`${url}?code=good&state=expected`)).status).toBe(200);
    expect((await visit(`${url}?code=late&state=expected`)).status).toBe(400);
    expect(await received).toBe("done");
    expect(codes).toEqual(["good"]);
  });

  test("tells the browser when the code was of no use, and repeats nothing", async () => {
    const { callback, url } = await listen();
    const received = callback.receive(() => Promise.reject(new Error("no")));
    const outcome = expect(received).rejects.toThrow("no");
    const page = await visit(`${url}?code=%3Cscript%3E&state=expected`);
    expect(page).toMatchObject({ status: 400, text: expect.not.stringContaining("script") });
    expect(page.headers.get("content-type")).toContain("text/plain");
    await outcome;
  });

  test("waits five minutes", async () => {
    const clock = createClock();
    const began = clock.now();
    const { callback } = await listen(clock);
    await expect(callback.receive(async () => "never")).rejects.toMatchObject({ code: "deadline_exceeded" });
    expect(clock.now() - began).toBe(5 * 60_000);
  });

  test("ends when it is given up", async () => {
    const { callback, stop } = await listen();
    const received = callback.receive(async () => "never");
    stop.abort(new Error("given up"));
    await expect(received).rejects.toThrow("given up");
  });
});
