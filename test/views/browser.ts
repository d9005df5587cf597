/** Shows a view in a real Chromium, the way a strict host does, and watches what it does there. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import chromium from "@sparticuz/chromium";
import { type Browser, type FrameLocator, type Page, chromium as playwright } from "playwright-core";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { ROOT } from "../kit/hub.ts";

/** The default of the specification for a view that asks for nothing. */
export const STRICT_CSP = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "media-src 'self' data:",
  "connect-src 'none'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'self'",
].join("; ");

export const viewFile = (name: string): string =>
  fileURLToPath(new URL(`dist/connectors/revops/views/${name}.html`, ROOT));

// What the package brings switches off the web's own rules; these are enough.
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--headless=shell", "--disable-dev-shm-usage"];

export const launch = async (): Promise<Browser> =>
  playwright.launch({ args: ARGUMENTS, executablePath: await chromium.executablePath() });

let browser: Browser;
let hostPage: string;

/** One browser for the tests of a file. */
export const useBrowser = (): (() => Browser) => {
  beforeAll(async () => {
    const build = await rolldown({
      input: fileURLToPath(new URL("page/host-page.ts", import.meta.url)),
      platform: "browser",
      logLevel: "silent",
    });
    const { output } = await build.generate({ format: "iife" });
    hostPage = output[0].code;
    browser = await launch();
  }, 60_000);
  afterAll(() => browser.close());
  return () => browser;
};

export interface ShowOptions {
  readonly tool?: string;
  readonly input?: Record<string, unknown>;
  readonly theme?: "light" | "dark";
  readonly width?: number;
  readonly locale?: string;
  readonly serves?: boolean;
  readonly variables?: Record<string, string>;
  /** What the person's system says, beside the host's theme. */
  readonly reducedMotion?: "reduce";
  /** Answers what the view calls back. */
  call?(tool: string, input: Record<string, unknown>): Promise<object>;
}

export interface ShownView {
  readonly page: Page;
  readonly view: FrameLocator;
  /** Whatever the browser complained about. */
  readonly complaints: readonly string[];
  /** Paths asked for over the network. */
  readonly requests: readonly string[];
  readonly calls: readonly { readonly tool: string; readonly input: Record<string, unknown> }[];
  readonly opened: readonly string[];
  screenshot(path: string): Promise<void>;
}

/** `answer`: what `structuredContent` would be. */
export const showView = async (
  name: string,
  answer: object,
  options: ShowOptions = {},
): Promise<ShownView> => {
  const { tool = `revops_${name.replaceAll("-", "_")}`, input = {}, theme = "light", width = 1000 } = options;
  const server = createServer(({ url }, response) => {
    const [type, body, policy] =
      url === "/view"
        ? ["text/html; charset=utf-8", readFileSync(viewFile(name)), STRICT_CSP]
        : url === "/host.js"
          ? ["text/javascript", hostPage, ""]
          : [
              "text/html",
              '<!doctype html><link rel="icon" href="data:,"><body style="margin:0"><script src="/host.js"></script>',
              "",
            ];
    response.writeHead(200, {
      "content-type": type as string,
      ...(policy && { "content-security-policy": policy as string }),
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    locale: "en-US",
    ...(options.reducedMotion && { reducedMotion: options.reducedMotion }),
  });
  onTestFinished(async () => {
    await context.close();
    server.close();
    server.closeAllConnections();
  });

  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  const calls: { tool: string; input: Record<string, unknown> }[] = [];
  const opened: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => requests.push(request.url().replace(origin, "")));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.exposeFunction("callTool", async (called: string, given: Record<string, unknown>) => {
    calls.push({ tool: called, input: given });
    if (!options.call) throw new Error("no tool here");
    return resultOf(await options.call(called, given));
  });
  await page.exposeFunction("openedLink", (url: string) => void opened.push(url));
  await page.goto(`${origin}/`);
  const { locale, serves, variables } = options;
  await page.evaluate(
    (shown) => (globalThis as never as { showView(s: unknown): Promise<void> }).showView(shown),
    {
      tool,
      input,
      theme,
      result: resultOf(answer),
      locale,
      serves,
      variables,
    },
  );
  const view = page.frameLocator("iframe");
  await view.locator("main > *").first().waitFor();
  // Charts are drawn once their width is known, which is a frame later.
  await view
    .locator("body")
    .evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  return {
    page,
    view,
    complaints,
    requests,
    calls,
    opened,
    screenshot: async (path) => void (await page.screenshot({ path, fullPage: true })),
  };
};

/** As the hub answers: the same twice. */
const resultOf = (answer: object) => ({
  content: [{ type: "text", text: JSON.stringify(answer) }],
  structuredContent: answer,
  ...("error" in answer && { isError: true }),
});
