import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { HubError } from "#connector";
import { createFetch, ledger, type Reachability } from "../../src/connector/upstream.ts";
import { createClock } from "../kit/clock.ts";

type Reply = (
  attempt: number,
) => { status: number; headers?: Record<string, string>; body?: string } | "hang" | "drop";

const vendor = async (reply: Reply, options: { concurrency?: number } = {}) => {
  let attempts = 0;
  let inFlight = 0;
  let peak = 0;
  const server = createServer((_, response) => {
    attempts += 1;
    inFlight += 1;
    peak = Math.max(peak, inFlight);
    response.on("close", () => {
      inFlight -= 1;
    });
    const answer = reply(attempts);
    if (answer === "hang") return;
    if (answer === "drop") return void response.destroy();
    setImmediate(() => response.writeHead(answer.status, answer.headers ?? {}).end(answer.body ?? "{}"));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const clock = createClock();
  const seen: Reachability = { lastAnswerAt: undefined, lastFailureAt: undefined, lastFailure: undefined };
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fetch = createFetch({ system: "vendor", clock, concurrency: options.concurrency ?? 6, seen });
  const get = (path = "/x", more = {}) => fetch({ method: "GET", url: `${origin}${path}`, origin, ...more });
  return { get, fetch, origin, clock, seen, attempts: () => attempts, peak: () => peak };
};

test("a read is tried three times, a write once", async () => {
  const one = await vendor(() => ({ status: 503 }));
  expect((await one.get()).status).toBe(503);
  expect(one.attempts()).toBe(3);
  const two = await vendor(() => ({ status: 503 }));
  await two.fetch({ method: "POST", url: `${two.origin}/x`, origin: two.origin, body: "{}" });
  expect(two.attempts()).toBe(1);
});

test("Retry-After is honoured, in seconds and as a date; never earlier than told", async () => {
  for (const form of ["seconds", "date"]) {
    let begun = 0;
    const one = await vendor((attempt) => {
      const value = form === "seconds" ? "7" : new Date(begun + 7_000).toUTCString();
      return attempt === 1 ? { status: 429, headers: { "retry-after": value } } : { status: 200 };
    });
    begun = one.clock.now();
    expect((await one.get()).status).toBe(200);
    expect(one.clock.now() - begun).toBeGreaterThanOrEqual(6_000);
  }
});

test("a wait longer than a caller would bear is handed on as a limit, with its end", async () => {
  const told = await vendor(() => ({ status: 429, headers: { "retry-after": "60" } }));
  await expect(told.get()).rejects.toMatchObject({
    code: "vendor_limit",
    facts: { retryAt: "2026-11-21T09:01:00.000Z" },
  });
  expect(told.attempts()).toBe(1);
  const untold = await vendor(() => ({ status: 429 }));
  await expect(untold.get()).rejects.toMatchObject({
    code: "vendor_limit",
    facts: { retryAt: "2026-11-21T09:00:20.000Z" },
  });
});

test("after five failures the system is left alone, then tried once", async () => {
  let healthy = false;
  const one = await vendor(() => (healthy ? { status: 200 } : "drop"));
  await expect(one.get()).rejects.toMatchObject({ code: "vendor_unavailable" });
  await expect(one.get()).rejects.toMatchObject({ code: "vendor_unavailable" });
  const asked = one.attempts();
  await expect(one.get()).rejects.toMatchObject({
    code: "vendor_unavailable",
    facts: { retryAt: expect.any(String) },
  });
  expect(one.attempts()).toBe(asked);
  healthy = true;
  one.clock.advance(20_000);
  expect((await one.get()).status).toBe(200);
  expect((await one.get()).status).toBe(200);
});

test("never more requests at once than allowed, and a waiting one can be cancelled", async () => {
  const one = await vendor(() => ({ status: 200 }), { concurrency: 3 });
  await Promise.all(Array.from({ length: 30 }, () => one.get()));
  expect(one.peak()).toBeLessThanOrEqual(3);

  const stuck = await vendor(() => "hang", { concurrency: 1 });
  const first = new AbortController();
  const second = new AbortController();
  const on = (signal: AbortSignal) => ledger.run({ signal, statuses: new Map() }, async () => stuck.get());
  const holding = on(first.signal);
  const waiting = on(second.signal);
  second.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow();
  first.abort(new Error("enough"));
  await expect(holding).rejects.toThrow();
  expect(stuck.attempts()).toBeLessThanOrEqual(1);
});

test.each([301, 302, 303, 307, 308])("a redirect (%i) is refused and not followed", async (status) => {
  const other = await vendor(() => ({ status: 200 }));
  const one = await vendor(() => ({ status, headers: { location: `${other.origin}/steal` } }));
  await expect(one.get()).rejects.toMatchObject({ code: "vendor_malformed" });
  expect(other.attempts()).toBe(0);
});

test.each(["http://127.0.0.1:9/x", "/../../limits", "/a/%2e%2e/b", "/a%2fb", "/a\\b"])(
  "%s is not asked",
  async (target) => {
    const one = await vendor(() => ({ status: 200 }));
    const url = target.startsWith("http") ? target : `${one.origin}${target}`;
    await expect(one.fetch({ method: "GET", url, origin: one.origin })).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(one.attempts()).toBe(0);
  },
);

test("a body over the cap is given up while it streams", async () => {
  const one = await vendor(() => ({ status: 200, body: "x".repeat(100_000) }));
  await expect(one.get("/x", { maxBytes: 1_000 })).rejects.toMatchObject({ code: "vendor_malformed" });
});

test("a request's own time limit ends it, and says which system was slow", async () => {
  const one = await vendor(() => "hang");
  await expect(one.get("/x", { timeoutMs: 20 })).rejects.toMatchObject({
    code: "deadline_exceeded",
    message: expect.stringContaining("vendor"),
  });
  expect(one.seen.lastFailure).toContain("did not answer in time");
});

test("a body can be taken piece by piece; only a successful one is, and anew for each try", async () => {
  const text = "ä€😀 ".repeat(20_000);
  const one = await vendor((attempt) =>
    attempt === 1 ? { status: 503, body: "down" } : { status: 200, body: text },
  );
  const taken: string[][] = [];
  const receive = () => {
    const pieces: string[] = [];
    taken.push(pieces);
    return (piece: string) => void pieces.push(piece);
  };
  const answer = await one.get("/x", { receive });
  expect(answer).toMatchObject({ status: 200, body: "" });
  expect(taken.length).toBe(1);
  expect(taken[0]!.join("")).toBe(text);
  expect(Math.max(...taken[0]!.map(({ length }) => length))).toBeLessThan(10_000);

  const refusing = await vendor(() => ({ status: 400, body: '{"code":"x"}' }));
  const refused = await refusing.get("/x", { receive });
  expect(refused).toMatchObject({ status: 400, body: '{"code":"x"}' });
  expect(taken.length).toBe(1);
});

test("whoever takes a body may stop it, is waited for, and is held to the cap as well", async () => {
  const one = await vendor(() => ({ status: 200, body: "x".repeat(100_000) }));
  const full = new HubError("vendor_malformed", "enough");
  let count = 0;
  const stopping = () => async (piece: string) => {
    await new Promise((resolve) => setImmediate(resolve));
    count += piece.length;
    if (count > 20_000) throw full;
  };
  await expect(one.get("/x", { receive: stopping })).rejects.toBe(full);
  expect(count).toBeLessThan(40_000);
  expect(one.attempts()).toBe(1);
  await expect(one.get("/x", { receive: () => () => {}, maxBytes: 1_000 })).rejects.toMatchObject({
    code: "vendor_malformed",
  });
});

test("a mistake in taking a body is the connector's own, and the vendor is not left alone for it", async () => {
  const one = await vendor(() => ({ status: 200, body: "x" }));
  const receive = () => () => {
    throw new TypeError("a slip");
  };
  for (let n = 0; n < 6; n += 1)
    await expect(one.get("/x", { receive })).rejects.toMatchObject({ code: "internal" });
  expect(await one.get("/x")).toMatchObject({ status: 200, body: "x" });
});

test("a refusal is held whole, so it may not be as large as what is taken piece by piece", async () => {
  const large = "x".repeat(17 * 1024 * 1024);
  const one = await vendor(() => ({ status: 400, body: large }));
  await expect(one.get("/x", { receive: () => () => {}, maxBytes: 64 * 1024 * 1024 })).rejects.toMatchObject({
    code: "vendor_malformed",
  });
});

/** As within one call of a tool, which the host accounts for. */
const inOneCall = <T>(work: () => Promise<T>, signal = new AbortController().signal) =>
  ledger.run({ signal, statuses: new Map(), reads: new Map() }, work);

test("the same read twice at once is one request, and both have its answer; one after the other are two", async () => {
  const one = await vendor((attempt) => ({ status: 200, body: String(attempt) }));
  await inOneCall(async () => {
    const bodies = await Promise.all([one.get(), one.get(), one.get()]);
    expect(bodies.map(({ body }) => body)).toEqual(["1", "1", "1"]);
    expect((await one.get()).body).toBe("2");
    expect(ledger.getStore()!.statuses.get("vendor")).toEqual([200, 200]);
  });
  await Promise.all([inOneCall(() => one.get()), inOneCall(() => one.get())]);
  await Promise.all([one.get(), one.get()]);
  expect(one.attempts()).toBe(6);
});

test.each([
  ["of another address", { url: "/y" }],
  ["with other headers", { headers: { authorization: "Bearer of another" } }],
  ["that takes a larger answer", { maxBytes: 10 }],
  ["that takes its answer piece by piece", { receive: () => () => {} }],
  ["that must not be repeated", { retry: false }],
  ["that outlives its call", { outlivesCall: true }],
  ["that is a POST", { method: "POST", body: "{}" }],
] as [string, { url?: string }][])(
  "a request %s is a request of its own",
  async (_, { url = "/x", ...more }) => {
    const one = await vendor(() => ({ status: 200 }));
    await inOneCall(() => Promise.all([one.get(), one.get(url, more), one.get(url, more)]));
    const shared = url === "/y" || "headers" in more || "maxBytes" in more;
    expect(one.attempts()).toBe(shared ? 2 : 3);
  },
);

test("a shared read that fails, fails for both; one whose owner ran out of time is sent again by the other", async () => {
  const failing = await vendor(() => ({ status: 302 }));
  const both = await inOneCall(() => Promise.allSettled([failing.get(), failing.get()]));
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(failing.attempts()).toBe(1);

  const slow = await vendor((attempt) => (attempt === 1 ? "hang" : { status: 200 }));
  const reads = new Map();
  const owner = new AbortController();
  const first = ledger.run({ signal: owner.signal, statuses: new Map(), reads }, () => slow.get());
  const second = ledger.run({ signal: new AbortController().signal, statuses: new Map(), reads }, () =>
    slow.get(),
  );
  await expect.poll(slow.attempts).toBe(1);
  owner.abort(new HubError("deadline_exceeded"));
  await expect(first).rejects.toMatchObject({ code: "deadline_exceeded" });
  expect((await second).status).toBe(200);
});
