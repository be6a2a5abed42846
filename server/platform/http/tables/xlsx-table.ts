import { XMLParser } from 'fast-xml-parser'
import { unzipSync } from 'fflate'
import { ApiError } from '../errors.ts'
import { badTable, type TableRow, tableRow } from './columns.ts'

/**
 * How large the parts of a workbook that are read may be when unpacked, in bytes: 5,000 lines take half of that. They are read
 * in one go, which `read-table.ts` does in a thread of its own.
 */
const unpackedAtMost = 4_000_000
/** The last column that a sheet can have, XFD; a damaged file may name others. */
const sheetColumns = 16_384

// biome-ignore lint/suspicious/noExplicitAny: XML of whatever shape
type Xml = any

const lists = new Set(['sheet', 'Relationship', 'si', 'r', 'row', 'c', 'xf', 'numFmt'])
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  removeNSPrefix: true,
  isArray: name => lists.has(name),
})

export function isWorkbook(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 0x03, 0x04]))
}

/**
 * Reads the first sheet of an Excel workbook (.xlsx) as texts: numbers without a format, dates as `2026-01-31` or
 * `2026-01-31 18:00:00`. Lines without any text are left out. Throws 1000.
 */
export function readWorkbook(bytes: Buffer): TableRow[] {
  try {
    return rowsOf(bytes)
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw badTable({
      zh: '无法读取这个 Excel 工作簿：文件可能已损坏或加了密码',
      en: 'this Excel workbook cannot be read: it may be damaged, or protected by a password',
    })
  }
}

function rowsOf(bytes: Buffer): TableRow[] {
  const book = xmlOf(bytes, ['xl/workbook.xml', 'xl/_rels/workbook.xml.rels'])
  const workbook = book('xl/workbook.xml')?.workbook
  const sheetId = workbook?.sheets?.sheet?.[0]?.['@id']
  const relations: Xml[] = book('xl/_rels/workbook.xml.rels')?.Relationships?.Relationship ?? []
  const target = String(relations.find(one => one['@Id'] === sheetId)?.['@Target'] ?? '')
  const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`
  const part = xmlOf(bytes, [path, 'xl/sharedStrings.xml', 'xl/styles.xml'])
  const sheet = part(path)?.worksheet
  if (!sheet) throw new Error('there is no sheet')
  const shared = (part('xl/sharedStrings.xml')?.sst?.si ?? []).map(richText)
  const dates = dateStyles(part('xl/styles.xml')?.styleSheet)
  const epoch = isTrue(workbook?.workbookPr?.['@date1904']) ? epoch1904 : epoch1900
  const rows: Xml[] = sheet.sheetData?.row ?? []
  return rows.flatMap((row, index) => {
    const cells: string[] = []
    for (const cell of (row.c ?? []) as Xml[]) {
      const at = columnOf(cell['@r']) ?? cells.length
      if (at < sheetColumns) cells[at] = textOf(cell, shared, dates, epoch).trim()
    }
    const line = Number(row['@r'] ?? index + 1)
    return cells.some(Boolean)
      ? [
          tableRow(
            line,
            Array.from(cells, cell => cell ?? ''),
          ),
        ]
      : []
  })
}

/** Unpacks these parts of the file; each is read when it is asked for. The sizes that the file states limit them. */
function xmlOf(bytes: Buffer, names: readonly string[]): (name: string) => Xml {
  let size = 0
  const parts = unzipSync(bytes, {
    filter({ name, originalSize }) {
      if (!names.includes(name)) return false
      size += originalSize
      if (size > unpackedAtMost)
        throw badTable({
          zh: '工作簿太大，请分成几个文件',
          en: 'the workbook is too large: divide it into several files',
        })
      return true
    },
  })
  return name => {
    const part = parts[name]
    if (!part) return undefined
    const text = new TextDecoder('utf-8', { fatal: true }).decode(part)
    if (text.includes('<!DOCTYPE')) throw new Error('a workbook has no document type')
    return parser.parse(text)
  }
}

function richText(item: Xml): string {
  const runs: Xml[] = item?.r ?? [item]
  return runs.map(run => plain(run?.t)).join('')
}

/** The text of an element, with attributes or without. */
function plain(element: Xml): string {
  return typeof element === 'object' ? String(element['#text'] ?? '') : String(element ?? '')
}

/** The column's number, counted from 0: 1 for `B3`. */
function columnOf(reference: unknown): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(String(reference))?.[0]
  return letters === undefined
    ? undefined
    : [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

function textOf(cell: Xml, shared: readonly string[], dates: readonly boolean[], epoch: number): string {
  const value = plain(cell.v)
  switch (cell['@t']) {
    case 's':
      return shared[Number(value)] ?? ''
    case 'inlineStr':
      return richText(cell.is)
    case 'str':
    case 'd':
      return value
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE'
    case 'e':
      return ''
    default:
      return value === ''
        ? ''
        : dates[Number(cell['@s'] ?? 0)]
          ? dateText(Number(value), epoch)
          : numberText(value)
  }
}

/** Spreadsheets calculate in binary and show fifteen digits, so that 0.1 + 0.2 is 0.3. */
function numberText(value: string): string {
  const number = Number(Number(value).toPrecision(15))
  return Number.isFinite(number) ? String(number) : value
}

const dayMs = 86_400_000
/** Day 0 of the two calendars of Excel; day 60 of the first is a 29 February 1900 that never was. */
const epoch1900 = Date.UTC(1899, 11, 30)
const epoch1904 = Date.UTC(1904, 0, 1)

function dateText(serial: number, epoch: number): string {
  const at = new Date(epoch + Math.round((serial * dayMs) / 1000) * 1000)
  if (Number.isNaN(at.getTime())) return String(serial)
  const [day = '', time = ''] = at.toISOString().split('T')
  return time.startsWith('00:00:00') ? day : `${day} ${time.slice(0, 8)}`
}

/** For each style of cells, whether it shows a date. */
function dateStyles(styles: Xml): boolean[] {
  const formats = new Map<number, string>(
    (styles?.numFmts?.numFmt ?? []).map((one: Xml) => [Number(one['@numFmtId']), String(one['@formatCode'])]),
  )
  return (styles?.cellXfs?.xf ?? []).map((xf: Xml) => {
    const id = Number(xf['@numFmtId'])
    const code = formats.get(id)
    return code === undefined ? isBuiltinDate(id) : isDateFormat(code)
  })
}

/** 14 to 22 and 45 to 47 everywhere; 27 to 36 and 50 to 58 in China, Japan and Korea. */
function isBuiltinDate(id: number): boolean {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)
}

function isDateFormat(code: string): boolean {
  return /[ymdhs]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|\\./g, ''))
}

function isTrue(value: unknown): boolean {
  return value === '1' || value === 'true'
}
