/** The columns of a bill with their values by row; texts as they stand in the file, without the backquote. */
export interface Table {
  columns: string[]
  rows: string[][]
  totals: [column: string, value: string][]
}

/** An amount of fen in yuan. */
export const yuan = (fen: number, places = 2): string => (fen / 100).toFixed(places)

/** A text of the merchant's, in which a comma would end the field. */
export const plain = (text: string): string => text.replaceAll(',', '\\ ').replaceAll(/[\r\n]/g, ' ')

export interface FileRules {
  /** A column that nobody knows yet, among the others. */
  billExtraColumn: boolean
  billLineEnd: string
  billByteOrderMark: boolean
}

/** The file of a bill (docs/upstream/wechat-pay-bills.md#trade-bill). */
export function fileOf(table: Table, rules: FileRules): string {
  const extra = rules.billExtraColumn ? Math.ceil(table.columns.length / 2) : undefined
  const widened = (row: string[], value: string): string[] =>
    extra === undefined ? row : row.toSpliced(extra, 0, value)
  const data = (row: string[]): string => row.map(value => `\`${value}`).join(',')
  const lines = [
    widened(table.columns, '新增的列').join(','),
    ...table.rows.map(row => data(widened(row, '0'))),
    table.totals.map(([column]) => column).join(','),
    data(table.totals.map(([, value]) => value)),
    '',
  ]
  return (rules.billByteOrderMark ? '\ufeff' : '') + lines.join(rules.billLineEnd)
}
