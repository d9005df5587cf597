/**
 * The defects of jsforce that the connector does without. Each test holds for jsforce over our transport
 * and, where that can be shown in passing, fails for jsforce as it ships. Elsewhere:
 *
 *   J03-J05, J20, J21  sign-in                       the tests of sign-in
 *   J09  hang before headers, at the call's deadline  transport.test.ts
 *   J11  writes are never sent again                 update-field.test.ts, "finds by reading back …"
 *   J16  the cap that is configured                  transport.test.ts
 *   J19  no login, authorize, logout, OAuth2         architecture.test.ts, "vendors are reached …"
 *   J22  one page, one request                       query.test.ts, "never follows a next page …"
 *   J23  both forms of Sforce-Limit-Info             allowance.test.ts
 *   J25  a whole hub's stdout                        cli/command-line.test.ts, "… stdout stays pure protocol"
 *   J26  no program started                          transport.test.ts, "jsforce writes nothing …"
 *   J27, J28  loaded when used; a jsforce that moved  jsforce-loading.test.ts
 */
import { spawn } from "node:child_process";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ledger } from "../../../src/connector/upstream.ts";
import { ROOT, startHub } from "../../kit/hub.ts";
import { startCorrecting } from "./correcting.ts";
import { ours, plain, type Side } from "./jsforce-sides.ts";

const SOQL = "SELECT Id, Name FROM Account LIMIT 3";
const PATH = "/services/data/v67.0/limits";

const org = async () => (await startHub({ connectors: ["salesforce"] })).sandbox("salesforce");

const listen = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** A place that tokens must not get to. */
const elsewhere = async () => {
  const tokens: unknown[] = [];
  const url = await listen(({ headers }, response) => {
    tokens.push(headers.authorization);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  return { url, tokens };
};

const failure = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    (value) => ({ resolved: value }),
    (error: unknown) => error,
  );

/** @param asShipped what the test says of jsforce as it ships */
const defect = (name: string, holds: (side: Side) => Promise<void>, asShipped: RegExp) =>
  describe(name, () => {
    test("over our transport", () => holds(ours));
    test("not as it ships", () => expect(holds(plain)).rejects.toThrow(asShipped));
  });

defect(
  "J02 a token that stays refused is renewed once",
  async (side) => {
    const salesforce = await org();
    salesforce.fault({ status: 401, body: '[{"errorCode":"INVALID_SESSION_ID","message":"expired"}]' });
    let renewals = 0;
    const connection = await side.open(salesforce.url, () => {
      renewals += 1;
      if (renewals > 9) throw new Error("enough");
      return `another${renewals}`;
    });
    await failure(connection.query(SOQL));
    expect({ renewals, requests: salesforce.requests().length }).toEqual({ renewals: 1, requests: 2 });
  },
  /renewals: 10/,
);

defect(
  "J06 redirects do not carry the token elsewhere",
  async (side) => {
    const [salesforce, other] = [await org(), await elsewhere()];
    for (const status of [302, 307]) {
      salesforce.fault({ status, headers: { location: `${other.url}/` }, times: 1 });
      await failure((await side.open(salesforce.url)).requestGet(PATH));
    }
    expect(other.tokens.join()).toBe("");
  },
  /Bearer/,
);

defect(
  "J07 an address elsewhere does not get the token",
  async (side) => {
    const [salesforce, other] = [await org(), await elsewhere()];
    await failure((await side.open(salesforce.url)).requestGet(`${other.url}${PATH}`));
    expect(other.tokens.join()).toBe("");
  },
  /Bearer/,
);

defect(
  "J08 an id that is a path leads nowhere",
  async (side) => {
    const salesforce = await org();
    const connection = await side.open(salesforce.url);
    for (const id of ["../../limits", "..%2f..%2flimits", "..\\..\\limits"])
      await failure(connection.sobject("Account").retrieve(id));
    expect(salesforce.requests().map(({ path }) => path)).toEqual([]);
  },
  /limits/,
);

// As it ships, jsforce's limit ends with the headers, and a body that breaks off then ends the process: see J01.
test("J09 a time limit covers the body", async () => {
  const salesforce = await org();
  salesforce.fault({ spoil: "hang-body" });
  const call = (await ours.open(salesforce.url)).request({ method: "GET", url: PATH }, {
    timeoutMs: 100,
  } as object);
  expect(await failure(call)).toMatchObject({ code: "deadline_exceeded" });
});

defect(
  "J10 a cancelled call closes its connection",
  async (side) => {
    let [asked, closed] = [0, 0];
    const url = await listen((_, response) => {
      asked += 1;
      response.on("close", () => {
        closed += 1;
      });
    });
    const connection = await side.open(url);
    const controller = new AbortController();
    const call = ledger.run({ signal: controller.signal, statuses: new Map() }, async () =>
      connection.query(SOQL),
    );
    void failure(call);
    await expect.poll(() => asked).toBe(1);
    controller.abort(new Error("cancelled"));
    await expect.poll(() => closed).toBe(1);
  },
  /expected \+?0 to be 1/,
);

defect(
  "J11 Retry-After is heard",
  async (side) => {
    const salesforce = await org();
    salesforce.fault({ status: 503, headers: { "retry-after": "3600" }, body: "[]" });
    const call = failure((await side.open(salesforce.url)).requestGet(PATH));
    const again = vi.waitFor(() => expect(salesforce.requests().length).toBeGreaterThan(1), {
      timeout: 5_000,
    });
    await Promise.race([call, again.catch(() => {})]);
    const requests = salesforce.requests().length;
    salesforce.fault(undefined);
    salesforce.reset();
    await call;
    expect(requests).toBe(1);
  },
  /expected 2 to be 1/,
);

defect(
  "J12 a web page is told from an answer",
  async (side) => {
    const salesforce = await org();
    salesforce.fault({ spoil: "html" });
    const error = await failure((await side.open(salesforce.url)).query(SOQL));
    expect((error as Error).message).toContain("web page");
  },
  /Cannot read properties of undefined/,
);

defect(
  "J13 cut JSON is no answer",
  async (side) => {
    const salesforce = await org();
    salesforce.fault({ spoil: "truncate" });
    expect(await failure((await side.open(salesforce.url)).requestGet(PATH))).toBeInstanceOf(Error);
  },
  /resolved|instance of Error/,
);

defect(
  "J15 an error has its status, all it says and its fields",
  async (side) => {
    const salesforce = await org();
    const body = [
      { errorCode: "REQUIRED_FIELD_MISSING", message: "one", fields: ["Name"] },
      { errorCode: "STRING_TOO_LONG", message: "two", fields: ["Site"] },
    ];
    salesforce.fault({ status: 400, body: JSON.stringify(body) });
    const error = await failure((await side.open(salesforce.url)).requestGet(PATH));
    const said = JSON.stringify({ ...(error as object) });
    for (const part of ["400", "one", "two", "Name", "Site"]) expect(said).toContain(part);
  },
  /to contain '400'|to include '400'/,
);

defect(
  "J16 no more requests at once than allowed",
  async (side) => {
    let [inFlight, peak] = [0, 0];
    const url = await listen((_, response) => {
      inFlight += 1;
      peak = Math.max(peak, inFlight);
      setTimeout(() => {
        inFlight -= 1;
        response.writeHead(200, { "content-type": "application/json" }).end("{}");
      }, 20);
    });
    const connection = await side.open(url);
    await Promise.all(Array.from({ length: 30 }, () => connection.requestGet(PATH)));
    expect(peak).toBeLessThanOrEqual(6);
  },
  /less than or equal to 6/,
);

defect(
  "J17 an answer may not be larger than expected, nor unpack to that",
  async (side) => {
    const large = JSON.stringify("x".repeat(20 * 1024 * 1024));
    const packed = gzipSync(large);
    let sent = 0;
    const url = await listen((request, response) => {
      sent += 1;
      const isPacked = request.url?.includes("packed");
      response.writeHead(200, {
        "content-type": "application/json",
        ...(isPacked && { "content-encoding": "gzip" }),
      });
      response.end(isPacked ? packed : large);
    });
    const connection = await side.open(url);
    for (const path of ["/services/data", "/services/data/packed"])
      expect(await failure(connection.requestGet(path))).toBeInstanceOf(Error);
    expect(sent).toBe(2);
  },
  /resolved|instance of Error/,
);

defect(
  "J18 an address that Salesforce would not read is not sent",
  async (side) => {
    const salesforce = await org();
    const ids = Array.from({ length: 1_000 }, (_, at) => `'001${String(at).padStart(12, "0")}'`).join(",");
    await failure((await side.open(salesforce.url)).query(`SELECT Id FROM Account WHERE Id IN (${ids})`));
    expect(salesforce.requests().length).toBe(0);
  },
  /expected 1 to be/,
);

describe("J24 a field that was hidden meanwhile", () => {
  test("is not taken from an older describe", async () => {
    const { salesforce, update } = await startCorrecting();
    expect((await update()).isError).toBe(false);
    const sent = salesforce.requests("PATCH").length;
    salesforce.configure({ hiddenFields: { integration: ["Opportunity.NextStep"] } });
    expect(await update({ new_value: "Something else" })).toBeRefused("invalid_input");
    expect(salesforce.requests("PATCH")).toHaveLength(sent);
  });

  test("is, as jsforce ships", async () => {
    const salesforce = await org();
    const connection = await plain.open(salesforce.url);
    const names = async () => (await connection.describe$("Opportunity")).fields.map(({ name }) => name);
    expect(await names()).toContain("NextStep");
    salesforce.configure({ hiddenFields: { integration: ["Opportunity.NextStep"] } });
    expect(await names()).toContain("NextStep");
  });
});

// --- what ends or bends a whole process -------------------------------------------------------------

const runAlone = async (side: "ours" | "plain", url: string, variables: Record<string, string> = {}) => {
  const script = `
    import { ${side} as side } from ${JSON.stringify(new URL("test/connectors/salesforce/jsforce-sides.ts", ROOT).href)};
    const connection = await side.open(${JSON.stringify(url)});
    const first = await connection.query(${JSON.stringify(SOQL)}).then(() => "answered", (error) => error.code);
    const second = await connection.query(${JSON.stringify(SOQL)}).then(() => "answered", (error) => error.code);
    process.stderr.write(JSON.stringify({ first, second }));
  `;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
    env: { PATH: process.env.PATH ?? "", ...variables },
    cwd: new URL(ROOT),
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, stdout, said: /\{"first".*\}/.exec(stderr)?.[0], stderr };
};

describe("J01 a body cut in the middle", () => {
  const cut = async () => {
    const salesforce = await org();
    // As often as a read is tried.
    salesforce.fault({ spoil: "cut", times: 3 });
    return salesforce.url;
  };

  test("is an error, and the process answers the next call", async () => {
    expect(await runAlone("ours", await cut())).toMatchObject({
      status: 0,
      said: '{"first":"vendor_unavailable","second":"answered"}',
    });
  });

  test("ends the process, as jsforce ships", async () => {
    const { status, stderr } = await runAlone("plain", await cut());
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/Unhandled 'error' event|terminated|Emitted 'error'/);
  });
});

describe("J14 a proxy in the environment", () => {
  const behindProxy = async () => {
    let proxied = 0;
    const url = await listen((request) => {
      proxied += 1;
      request.socket.destroy();
    });
    return { proxied: () => proxied, variables: { http_proxy: url, HTTP_PROXY: url, NO_PROXY: "127.0.0.1" } };
  };

  test("is not used", async () => {
    const { proxied, variables } = await behindProxy();
    const { status, said } = await runAlone("ours", (await org()).url, variables);
    expect({ status, said }).toEqual({ status: 0, said: '{"first":"answered","second":"answered"}' });
    expect(proxied()).toBe(0);
  });

  test("is used against NO_PROXY, as jsforce ships", async () => {
    const { proxied, variables } = await behindProxy();
    const salesforce = await org();
    void runAlone("plain", salesforce.url, variables);
    await expect.poll(proxied, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(salesforce.requests()).toEqual([]);
  });
});

describe("J25 a log level in the environment", () => {
  const debug = { JSFORCE_LOG_LEVEL: "DEBUG" };

  test("puts nothing on stdout", async () => {
    expect(await runAlone("ours", (await org()).url, debug)).toMatchObject({ status: 0, stdout: "" });
  });

  test("fills stdout, as jsforce ships", async () => {
    expect((await runAlone("plain", (await org()).url, debug)).stdout).toContain("DEBUG");
  });
});
