// Exact sums of decimal texts. The API gives amounts as text, since floating point loses cents.

const PLACES = 8;

/** Read decimal text as an integer number of 10^-8 units; null where it is none. */
export function parse(text) {
  const found = /^(-?)(\d+)(?:\.(\d{1,8}))?$/.exec(text);
  if (!found) return null;
  const [, sign, whole, part = ""] = found;
  const units = BigInt(whole + part.padEnd(PLACES, "0"));
  return sign ? -units : units;
}

/** Write units as decimal text, with at least two places and no more than needed. */
export function format(units) {
  const digits = String(units < 0n ? -units : units).padStart(PLACES + 1, "0");
  const part = digits.slice(-PLACES).replace(/0{1,6}$/, "");
  const whole = digits.slice(0, -PLACES).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${units < 0n ? "−" : ""}${whole}.${part}`;
}

/** Add an amount to the sum of its currency. */
export function add(sums, currency, units) {
  sums.set(currency, (sums.get(currency) ?? 0n) + units);
}

/** Write sums, each with its currency: ["4.00 EUR", "12.30 USD"]. */
export function list(sums) {
  return [...sums.keys()].sort().map((currency) => `${format(sums.get(currency))} ${currency}`);
}
