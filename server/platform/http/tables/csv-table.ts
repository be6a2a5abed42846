import { Readable } from 'node:stream'
import { type CsvError, parse } from 'csv-parse'
import { ApiError } from '../errors.ts'
import { badTable, type HeaderTest, headerWithin, type TableRow, tableRow } from './columns.ts'

export type CsvTable = {
  encoding: 'UTF-8' | 'UTF-16' | 'GB18030'
  separator: ',' | ';' | '\t'
  rows: TableRow[]
}

const recordLength = 20_000
const pieceLength = 65_536

/**
 * Reads a CSV file as spreadsheets write it: UTF-8 with or without BOM, UTF-16 or GB18030, separated by comma, semicolon or tab.
 * Throws 1000 and says what is wrong.
 */
export async function readCsv(bytes: Buffer, isHeader: HeaderTest, recordsAtMost: number): Promise<CsvTable> {
  const { text, encoding } = decode(bytes)
  const separator = separatorOf(text, isHeader)
  return { encoding, separator, rows: await parseRows(text, separator, recordsAtMost) }
}

function decode(bytes: Buffer): { text: string; encoding: CsvTable['encoding'] } {
  if (bytes.length === 0) throw badTable({ zh: '文件是空的', en: 'the file is empty' })
  const begins = (...start: number[]) => start.every((byte, index) => bytes[index] === byte)
  if (begins(0x50, 0x4b, 0x03, 0x04) || begins(0xd0, 0xcf, 0x11, 0xe0))
    throw badTable({
      zh: '这是 Excel 工作簿，不是 CSV：请在 Excel 中“另存为”CSV 后再上传',
      en: 'this is an Excel workbook, not CSV: save it as CSV in Excel and upload that',
    })
  const wide = begins(0xff, 0xfe) ? 'utf-16le' : begins(0xfe, 0xff) ? 'utf-16be' : wideWithoutMark(bytes)
  if (wide) return { text: new TextDecoder(wide).decode(bytes), encoding: 'UTF-16' }
  const utf8 = tryDecode('utf-8', bytes)
  if (utf8 !== undefined) return { text: checked(utf8), encoding: 'UTF-8' }
  const chinese = tryDecode('gb18030', bytes)
  if (chinese === undefined)
    throw badTable({
      zh: '认不出文件的编码：请存为 UTF-8 或 GBK 编码的 CSV',
      en: 'the encoding of the file is unknown: save it as CSV in UTF-8 or GBK',
    })
  return { text: checked(chinese), encoding: 'GB18030' }
}

function tryDecode(encoding: string, bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function checked(text: string): string {
  if (text.includes('\0'))
    throw badTable({ zh: '文件里有二进制内容，不是 CSV', en: 'the file is binary, not CSV' })
  return text
}

/** Detects UTF-16 without a BOM: every other byte of ASCII text is then zero. */
function wideWithoutMark(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const start = bytes.subarray(0, 200)
  const zeros = (offset: number) => start.filter((byte, index) => byte === 0 && index % 2 === offset).length
  if (start.length < 4) return undefined
  if (zeros(1) > start.length / 8 && zeros(0) === 0) return 'utf-16le'
  return zeros(0) > start.length / 8 && zeros(1) === 0 ? 'utf-16be' : undefined
}

/** The separator that the header uses; the header is one of the first lines. */
function separatorOf(text: string, isHeader: HeaderTest): CsvTable['separator'] {
  const lines = text.slice(0, headerWithin * recordLength).split(/\r\n|\r|\n/, headerWithin)
  const separators = [',', ';', '\t'] as const
  for (const line of lines) {
    // The parser refuses such a line; until then it would only cost seconds.
    if (line.length > recordLength) continue
    for (const separator of separators) {
      const cells = line.split(separator).map(cell => cell.trim().replace(/^"|"$/g, ''))
      if (cells.length > 1 && isHeader(cells)) return separator
    }
  }
  return commonest(lines)
}

/** What a header with other names seems to use. */
function commonest(lines: readonly string[]): CsvTable['separator'] {
  const separators = [',', ';', '\t'] as const
  const line = lines.find(one => separators.some(separator => one.includes(separator))) ?? ''
  const times = (separator: string) => line.split(separator).length
  return separators.reduce((best, one) => (times(one) > times(best) ? one : best))
}

/** Parses piece by piece, so that other requests get their turn. */
async function parseRows(text: string, separator: string, recordsAtMost: number): Promise<TableRow[]> {
  const parser = Readable.from(piecesOf(text)).pipe(
    parse({
      delimiter: separator,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
      info: true,
      max_record_size: recordLength,
    }),
  )
  const rows: TableRow[] = []
  try {
    for await (const one of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      rows.push(tableRow(one.info.lines, one.record))
      if (rows.length > recordsAtMost + headerWithin + 1)
        throw badTable({
          zh: `一次最多导入 ${recordsAtMost} 行`,
          en: `at most ${recordsAtMost} rows can be imported at once`,
        })
    }
  } catch (error) {
    if (error instanceof ApiError) throw error
    const { code, lines } = error as CsvError & { lines?: number }
    const where =
      lines === undefined ? { zh: '', en: 'the file' } : { zh: `第 ${lines} 行`, en: `line ${lines}` }
    if (/QUOTE/.test(code))
      throw badTable({
        zh: `${where.zh}的引号没有成对，后面的内容无法读取`,
        en: `${where.en} has a quote without its pair, so what follows cannot be read`,
      })
    if (code === 'CSV_MAX_RECORD_SIZE')
      throw badTable({
        zh: `${where.zh}无法读取：超过 ${recordLength} 个字符，请删去用不到的列，或检查引号`,
        en: `${where.en} cannot be read: it has more than ${recordLength} characters. Remove columns that are not needed, or check the quotes`,
      })
    throw badTable({ zh: `${where.zh}无法读取（${code}）`, en: `${where.en} cannot be read (${code})` })
  }
  return rows
}

function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += pieceLength) yield text.slice(at, at + pieceLength)
}
