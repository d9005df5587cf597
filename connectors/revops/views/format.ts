/** Numbers and dates in the words of the person who looks. */

export interface Format {
  /** Undefined: "–". */
  money(amount: number | undefined, currency: string): string;
  /** `$1.2M` */
  shortMoney(amount: number | undefined, currency: string): string;
  /** With its sign, also plus. */
  change(amount: number | undefined, currency: string): string;
  count(value: number | undefined): string;
  percent(share: number | undefined): string;
  /** An ISO day, or "–". */
  day(iso: string): string;
  /** An ISO day without its year. */
  shortDay(iso: string): string;
  /** An ISO time. */
  time(iso: string): string;
}

const NOTHING = "–";

export const createFormat = (locale: string | undefined, timeZone: string | undefined): Format => {
  const known = supported(locale);
  const numbers = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(known, options);
  const inMoney = (options: Intl.NumberFormatOptions) => {
    const made = new Map<string, Intl.NumberFormat>();
    return (amount: number | undefined, currency: string): string => {
      if (amount === undefined) return NOTHING;
      let format = made.get(currency);
      if (!format) {
        format = /^[A-Z]{3}$/.test(currency)
          ? numbers({ ...options, style: "currency", currency, currencyDisplay: "narrowSymbol" })
          : numbers(options);
        made.set(currency, format);
      }
      return format.format(amount);
    };
  };
  const short: Intl.NumberFormatOptions = { notation: "compact", maximumSignificantDigits: 3 };
  const count = numbers({ maximumFractionDigits: 1 });
  const percent = numbers({ style: "percent", maximumFractionDigits: 0 });
  const dates = (options: Intl.DateTimeFormatOptions) => {
    const days = new Intl.DateTimeFormat(known, { ...options, timeZone: "UTC" });
    return (iso: string) => {
      const at = Date.parse(`${iso.slice(0, 10)}T00:00:00Z`);
      return Number.isNaN(at) ? iso || NOTHING : days.format(at);
    };
  };
  const times = new Intl.DateTimeFormat(known, {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    ...(timeZone && isTimeZone(timeZone) && { timeZone }),
  });
  return {
    money: inMoney({ maximumFractionDigits: 0 }),
    shortMoney: inMoney(short),
    change: inMoney({ ...short, signDisplay: "exceptZero" }),
    count: (value) => (value === undefined ? NOTHING : count.format(value)),
    percent: (share) => (share === undefined ? NOTHING : percent.format(share)),
    day: dates({ year: "numeric", month: "short", day: "numeric" }),
    shortDay: dates({ month: "short", day: "numeric" }),
    time: (iso) => (Number.isNaN(Date.parse(iso)) ? NOTHING : times.format(Date.parse(iso))),
  };
};

/** What a host, or even a browser, calls a locale may be none (`en-US@posix`); without any it is the browser's. */
const supported = (locale: string | undefined): string[] =>
  [locale, navigator.language].filter((tag): tag is string => tag !== undefined && isLocale(tag));

const isLocale = (tag: string): boolean => {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
};

const isTimeZone = (timeZone: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone }));
  } catch {
    return false;
  }
};
