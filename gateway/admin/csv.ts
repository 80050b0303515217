/** One line of CSV as RFC 4180 has it. */

/** Nothing is written for what is not known. */
export function csvLine(values: readonly (string | number | boolean | undefined)[]): string {
  return `${values.map(field).join(",")}\r\n`;
}

function field(value: string | number | boolean | undefined): string {
  if (typeof value !== "string") return value === undefined ? "" : String(value);
  // Clients choose these texts: spreadsheets run what begins like a formula (https://owasp.org/www-community/attacks/CSV_Injection).
  const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
