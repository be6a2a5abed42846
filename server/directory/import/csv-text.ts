/**
 * Writes CSV that spreadsheets open as text in the right encoding. A cell that a spreadsheet would take for a formula
 * gets a leading apostrophe, because its content came from somebody else's file.
 */
export function csvText(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map(row => row.map(cellOf).join(',')).join('\r\n')}\r\n`
}

function cellOf(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
