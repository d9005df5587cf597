import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { test } from "vitest";
import { startHub } from "../../kit/hub.ts";
test("scratch", async () => {
  const hub = await startHub();
  const { tools } = await hub.client.listTools();
  let sum = 0;
  for (const t of tools) { const n = encode(JSON.stringify(t)).length; sum += n; console.log(t.name, n, JSON.stringify(t).includes("$defs")); }
  console.log("all", sum);
  for (const fields of [["id", "reasons"], ["owner"], ["nonsense"]]) console.log(JSON.stringify((await hub.call("revops_review_commits", { fields, limit: 3 })).answer).slice(0, 900));
  console.log(JSON.stringify((await hub.call("revops_review_commits", { view: "summary" })).answer).slice(0, 1900));
});
