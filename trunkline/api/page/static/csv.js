// Gives a table that is shown as a file for spreadsheets.

const FORMULA = /^[=+\-@\t\r\n|%\uff1d\uff0b\uff0d\uff20]/; // what a spreadsheet would take for a formula

/** Let the browser save rows of texts as a CSV file, in UTF-8 with a mark that spreadsheets know. */
export function save(name, rows) {
  const url = URL.createObjectURL(new Blob(["\ufeff", written(rows)], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Write rows as CSV (RFC 4180). */
export const written = (rows) => rows.map((row) => row.map(cell).join(",") + "\r\n").join("");

function cell(value) {
  const text = String(value ?? "");
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
