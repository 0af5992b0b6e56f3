// Phone numbers as people read them. Pure.

// Country codes of one and of two digits (ITU-T E.164); all others have three.
const SHORT = /^(?:1|7)/;
const PAIRS = /^(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/** Write an E.164 number in groups: "+1 650 555 1234"; what is none stays as it is. */
export function grouped(number) {
  if (!/^\+[1-9]\d{6,14}$/.test(number)) return number;
  const digits = number.slice(1);
  const length = SHORT.test(digits) ? 1 : PAIRS.test(digits) ? 2 : 3;
  const rest = digits.slice(length);
  const groups = [];
  let start = 0;
  while (rest.length - start > 4) {
    groups.push(rest.slice(start, start + 3));
    start += 3;
  }
  return ["+" + digits.slice(0, length), ...groups, rest.slice(start)].join(" ");
}

/** Give what a number is however it was written, "+1 (650) 555-1234" as "+16505551234"; any other text as it is. */
export const ungrouped = (text) => (/^[+\d][\d\s().-]*$/.test(text) ? text.replace(/[\s().-]/g, "") : text);
