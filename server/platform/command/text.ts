import { formatTime } from '../format.ts'
import { usualZone } from '../time-zone.ts'
import type { Words } from '../words.ts'
import { said } from './language.ts'

/** What stands in a cell: words are printed in the language of the command line. */
export type Cell = Words | string | number

const none = { zh: '（无）', en: '(none)' }

const cellText = (cell: Cell) => (typeof cell === 'object' ? said(cell) : String(cell))

/** A table with aligned columns, counting a Chinese character as two terminal cells. */
export function table(heads: readonly Cell[], rows: readonly Cell[][], empty: Words | string = none): string {
  if (rows.length === 0) return said(empty)
  const lines = [heads, ...rows].map(row => row.map(cell => oneLine(cellText(cell))))
  const widths = heads.map((_, column) => Math.max(...lines.map(line => width(line[column] ?? ''))))
  return lines
    .map(line =>
      line
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Lines of `label: value` with aligned values. */
export function facts(pairs: readonly (readonly [label: Words | string, value: Cell])[]): string {
  const lines = pairs.map(([label, value]) => [said(label), oneLine(cellText(value))] as const)
  const widest = Math.max(...lines.map(([label]) => width(label)))
  return lines.map(([label, value]) => `${pad(`${label}:`, widest + 1)} ${value}`).join('\n')
}

/** A time in the zone of the installation, or the text for never. */
export function when(at: Date | null | undefined, never: Words | string = '—'): string {
  return at ? formatTime(at, usualZone) : said(never)
}

/** Removes control characters, because names come from elsewhere and must not control the terminal. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ')
}

/** Like `oneLine`, but keeps line breaks and tabs. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '')
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u

export function width(text: string): number {
  let cells = 0
  for (const character of text) {
    if (/\p{Mn}/u.test(character)) continue
    cells += wide.test(character) ? 2 : 1
  }
  return cells
}

function pad(text: string, cells: number): string {
  return text + ' '.repeat(Math.max(cells - width(text), 0))
}
