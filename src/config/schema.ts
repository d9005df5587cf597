/** The shape of the config file. Connectors add their own part under `connectors.<name>.config`. */
import { z } from "zod";

const patterns = (what: string) =>
  z.array(z.string().min(1)).describe(`${what} Tool names; * stands for any characters: "clari_*".`);

const toolFilter = {
  allow: patterns("Only these tools exist.").optional(),
  deny: patterns("These tools do not exist, whatever allow says.").optional(),
};

const toolsets = (what: string) =>
  z
    .array(z.string().min(1))
    .min(1)
    .describe(`${what} Tools name their sets: forecast-call, hygiene, admin; "all" is every tool.`);

export const connectorEntry = z.strictObject({
  from: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Where the connector comes from: the id of one that ships with the hub ("clari"), a path beginning with "./", "../" or "/" (relative to this file), or the name of an npm package. Default: the key of this entry.',
    ),
  enabled: z.boolean().default(true).describe("False: not loaded at all."),
  prefix: z
    .string()
    .regex(/^[a-z0-9_]*$/)
    .optional()
    .describe(
      'Replaces the connector\'s name in tool names: "" shows clari_get_forecast as get_forecast. A name that two tools would share stops the start.',
    ),
  readOnly: z.boolean().default(false).describe("True: this connector's writing tools do not exist."),
  tools: z.strictObject(toolFilter).prefault({}).describe("Which of its tools exist."),
  config: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("The connector's own settings. Left out: what its environment variables describe."),
});

export const hubConfig = z.strictObject({
  $schema: z.string().optional(),
  readOnly: z
    .boolean()
    .default(false)
    .describe("True: no tool of any connector can write. REVOPS_HUB_READ_ONLY=true does the same and wins."),
  connectors: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/), connectorEntry)
    .describe("The systems, by name."),
  tools: z.strictObject(toolFilter).prefault({}).describe("Which tools exist, over all connectors."),
  toolsets: toolsets(
    "Only tools of these sets are offered, so that a conversation pays for no others.",
  ).default(["all"]),
  principals: z
    .record(
      z.string(),
      z.strictObject({
        readOnly: z.boolean().default(false),
        ...toolFilter,
        toolsets: toolsets("Of the hub's sets only these.").optional(),
      }),
    )
    .default({})
    .describe("Narrower rights for single principals (on stdio: the operating system's user name)."),
  writes: z
    .strictObject({
      confirm: z
        .enum(["auto", "required", "off"])
        .default("auto")
        .describe(
          "auto: a person sees the change and accepts it where the client can ask; where it cannot, the client's own tool approval stands. required: without a person's answer nothing is written; where the client cannot ask, the change waits for `revops-hub approve`. off: never ask, but for changes of which a connector's own policy says so.",
        ),
      perDay: z
        .int()
        .nonnegative()
        .default(100)
        .describe("Writes that one principal may make in a day (UTC)."),
    })
    .prefault({}),
  limits: z
    .strictObject({
      callsPerMinute: z.int().positive().default(600).describe("Per principal and tool."),
      timeoutMs: z.int().positive().default(45_000).describe("Longest a tool call may take."),
      argumentBytes: z.int().positive().default(262_144).describe("Largest arguments of one call."),
      argumentDepth: z.int().positive().default(16).describe("Deepest nesting in the arguments."),
      argumentItems: z.int().positive().default(1_000).describe("Longest array in the arguments."),
      answerTokens: z
        .int()
        .positive()
        .default(20_000)
        .describe(
          "Largest answer, in tokens of a model, estimated high; what does not fit is paged by hub_get_more.",
        ),
      concurrency: z.int().positive().default(6).describe("Requests in flight to one system."),
    })
    .prefault({}),
  redact: z
    .strictObject({
      types: z
        .array(z.enum(["secret", "card", "iban", "ssn", "dob", "email", "phone", "ip"]))
        .default(["secret", "card", "iban", "ssn"])
        .describe("What is blacked out wherever it appears in an answer."),
    })
    .prefault({}),
  trail: z
    .strictObject({
      values: z
        .enum(["sealed", "plain"])
        .default("sealed")
        .describe("How old and new field values stand in the trail: as keyed hashes, or readable."),
    })
    .prefault({}),
});

export type HubConfig = z.output<typeof hubConfig>;
export type HubConfigInput = z.input<typeof hubConfig>;
export type ConnectorEntry = z.output<typeof connectorEntry>;
