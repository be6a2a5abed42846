import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { content, type Language } from './pages.ts'

/** A row of a table of figures; `figure` is its first cell, and numbers are written without separators. */
type Row = { figure: string; cells: string[]; numbers: Set<string>; days: string[]; isMissed: boolean }

const docs = join(import.meta.dirname, '../../docs')
const figures: Record<Language, string> = {
  en: readFileSync(join(docs, 'figures.md'), 'utf8'),
  zh: readFileSync(join(docs, 'figures.zh-CN.md'), 'utf8'),
}
const pageOf = (language: Language) =>
  readFileSync(join(content, language, 'overview/performance.md'), 'utf8')

/** The first table of the figures: each row has a measurement. Both languages list the rows in the same order. */
const measured: Record<Language, Row[]> = {
  en: rowsOf(figures.en.slice(0, figures.en.indexOf('\n## '))),
  zh: rowsOf(figures.zh.slice(0, figures.zh.indexOf('\n## '))),
}

/** For each row of the page, in its order: how its row in docs/figures.md begins. */
const sources = [
  '`user/get`, of the bare server',
  '`org/list`, whole tree',
  '`orgUserList`',
  '`search`, names',
  '`search` at 1,000,000',
  'an address book of 1,000,000',
  'the same, memory',
  'full sync, of a bare download',
  'full sync, memory',
  'messages accepted and delivered',
  '100,000 persons with texts',
  'a file of 10 MB',
  'event stream to 1,000 listeners',
  'press of a card',
  'what reads of others feel',
  'sign-ins by OpenID Connect',
  'CAS validations',
  '`pay/bill/create`',
  '`todo/put` of 500',
  '1,000 corps of 1,000',
  'the same at rest, one node',
  '2,000 corps of 500 on four nodes of one machine',
  'first call of a cold corp',
  'two nodes: the second',
  'two nodes: the second',
  'callbacks accepted durably',
  '`message/send` at half that rate',
  "a person's messages (消息)",
  "a person's list of to-dos",
  'the same, p95 of 32 connections',
  '`user/get` with the audit tree',
  'a whole act',
  'memory of 5,000 corps',
  'LDAP: binds',
  'a full sync of 100,000 members of whom',
  'console, first load',
  '`wisp --help`',
]

describe('the figures', () => {
  it('are the same in both languages, row by row, with the same days', () => {
    expect(measured.zh.map(row => row.days)).toEqual(measured.en.map(row => row.days))
    expect(measured.zh.map(row => row.isMissed)).toEqual(measured.en.map(row => row.isMissed))
  })
})

describe.each(['en', 'zh'] as const)('the page Performance (%s)', language => {
  const page = pageOf(language)
  const rows = rowsOf(page)
  const sourceOf = (index: number) => {
    const at = measured.en.findIndex(row => row.figure.startsWith(sources[index] ?? '?'))
    return measured[language][at]
  }
  /** What the row above is about, where a row says "the same". */
  const aboveOf = (index: number) => {
    const source = sourceOf(index)
    const at = source ? measured[language].indexOf(source) : -1
    return measured.en[at]?.figure.startsWith('the same') ? (measured[language][at - 1]?.figure ?? '') : ''
  }

  it('has a figure for each of its rows', () => {
    expect(rows).toHaveLength(sources.length)
    const missing = sources.filter((_, index) => !sourceOf(index))
    expect(missing).toEqual([])
  })

  it('has only numbers of their rows, measured and aimed at apart, on the days on which they were measured', () => {
    const wrong = rows.flatMap((row, index) => {
      const [what = '', result = '', target = '', day = ''] = row.cells
      const [named = '', aimed = '', found = '', on = ''] = sourceOf(index)?.cells ?? []
      const strange = [
        ...lacking(what, [named, aboveOf(index), aimed, found]),
        ...lacking(result, [found]),
        ...lacking(target, [aimed]),
        ...(day === on ? [] : [day]),
      ]
      return strange.length > 0 ? [{ row: what, strange }] : []
    })
    expect(wrong).toEqual([])
  })

  it('shows every missed target in bold, with the numbers that missed it, and no other in bold', () => {
    const shown = new Set(rows.map((_, index) => sourceOf(index)))
    const hidden = measured[language].filter(row => row.isMissed && !shown.has(row))
    expect(hidden.map(row => row.figure)).toEqual([])
    const differing = rows.filter((row, index) => row.isMissed !== sourceOf(index)?.isMissed)
    expect(differing.map(row => row.figure)).toEqual([])
    const missed = rows.map((row, index) => [boldIn(row), boldIn(sourceOf(index))])
    expect(missed.map(([page]) => page)).toEqual(missed.map(([, source]) => source))
  })

  it('has only numbers of the figures in its prose', () => {
    const prose = page.replaceAll(/^\|.*$/gm, '').replaceAll(/\]\([^)]*\)|`[^`]*`|^#.*$/gm, '')
    const known = numbersIn(figures[language])
    // Shares by which p95 and p99 are explained.
    const own = new Set(['95', '99'])
    expect([...numbersIn(prose)].filter(number => !known.has(number) && !own.has(number))).toEqual([])
  })
})

it('has the same numbers on the page in both languages', () => {
  const numbersOf = (language: Language) => rowsOf(pageOf(language)).map(row => [...row.numbers].sort())
  expect(numbersOf('zh')).toEqual(numbersOf('en'))
})

/** The rows of all tables, without their heads. */
function rowsOf(markdown: string): Row[] {
  const isHead = (_: string, index: number, lines: string[]) => /^\|(?:---\|)+$/.test(lines[index + 1] ?? '')
  const lines = markdown.split('\n')
  return lines
    .filter((line, index) => line.startsWith('| ') && !isHead(line, index, lines))
    .map(line => {
      const cells = line
        .slice(1, -1)
        .split('|')
        .map(cell => cell.trim())
      return {
        figure: cells[0] ?? '',
        cells,
        numbers: numbersIn(line),
        days: line.match(/\d{4}-\d\d-\d\d/g) ?? [],
        isMissed: line.includes('**'),
      }
    })
}

/** The numbers of a cell that are in none of the others. */
function lacking(cell: string, others: string[]): string[] {
  const known = numbersIn(others.join(' | '))
  return [...numbersIn(cell)].filter(number => !known.has(number))
}

/** The numbers in bold, sorted. */
function boldIn(row: Row | undefined): string[] {
  const bold = row?.cells.flatMap(cell => [...cell.matchAll(/\*\*(.+?)\*\*/g)].map(([, text]) => text ?? ''))
  return [...numbersIn((bold ?? []).join(' '))].sort()
}

/** The numbers in a text, without days; 2 万 is 20000. */
function numbersIn(text: string): Set<string> {
  const plain = text.replaceAll(/\d{4}-\d\d-\d\d/g, ' ')
  const found = [...plain.matchAll(/(\d[\d,]*(?:\.\d+)?)( ?万)?/g)]
  return new Set(
    found.map(([, digits = '', tenThousands]) => {
      const value = Number(digits.replaceAll(',', ''))
      return String(tenThousands ? value * 10_000 : value)
    }),
  )
}
