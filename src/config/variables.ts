/** The only reader of the environment. */
export type Variables = Readonly<Record<string, string | undefined>>;

export const environment = (): Variables => process.env;

/** `REVOPS_HUB_READ_ONLY=true` (or 1, yes, on); anything else but empty, false, 0, no, off also counts as true. */
export const isOn = (value: string | undefined): boolean =>
  value !== undefined && !["", "false", "0", "no", "off"].includes(value.trim().toLowerCase());
