import { Readable } from 'node:stream'
import { type CsvError, parse } from 'csv-parse'
import { ApiError } from '../../http/errors.ts'
import type { Words } from '../../http/words.ts'

export type ImportColumn = 'userId' | 'mobile' | 'email'
/** `line` counts from 1, as in an editor. */
export type ImportRecord = { line: number } & Record<ImportColumn, string>
export type ImportFile = {
  encoding: 'UTF-8' | 'UTF-16' | 'GB18030'
  separator: ',' | ';' | '\t'
  columns: ImportColumn[]
  /** Headers that are not recognised. */
  ignoredColumns: string[]
  records: ImportRecord[]
}

const recordsAtMost = 100_000
const headerWithin = 20
const recordLength = 20_000

const headers: Record<ImportColumn, readonly string[]> = {
  userId: [
    '账号',
    '帐号',
    '成员账号',
    '成员帐号',
    '用户账号',
    '用户id',
    '成员id',
    'userid',
    'user_id',
    'account',
  ],
  mobile: ['手机', '手机号', '手机号码', '移动电话', 'mobile', 'mobilephone', 'phone', 'cellphone'],
  email: ['邮箱', '邮件', '电子邮箱', '个人邮箱', '邮箱地址', 'email', 'e-mail', 'mail'],
}

/**
 * Reads a CSV file as spreadsheets write it: UTF-8 with or without BOM, UTF-16 or GB18030, separated by comma, semicolon or
 * tab. A few lines of explanation may precede the header, as in WeCom's own template. Throws 1000 and says what is wrong.
 */
export async function readImport(bytes: Buffer): Promise<ImportFile> {
  const { text, encoding } = decode(bytes)
  const separator = separatorOf(text)
  const rows = await parseRows(text, separator)
  const headerAt = rows
    .slice(0, headerWithin)
    .findIndex(row => row.cells.some(cell => columnOf(cell) === 'userId'))
  const header = rows[headerAt]
  if (!header) {
    throw bad({
      zh: '没有找到表头：需要一行列名，其中有“账号”（或 userid），以及“手机”（mobile）、“邮箱”（email）中的至少一个',
      en: 'no header was found: one line must name the columns, with userid and at least one of mobile and email',
    })
  }
  const columns = header.cells.map(columnOf)
  const doubled = columns.find((one, index) => one !== undefined && columns.indexOf(one) !== index)
  if (doubled)
    throw bad({
      zh: `表头中“${headers[doubled][0]}”一列出现了两次`,
      en: `the header names the column ${doubled.toLowerCase()} twice`,
    })
  const known = columns.filter(one => one !== undefined)
  if (known.length < 2)
    throw bad({
      zh: '表头中没有“手机”（mobile）或“邮箱”（email）一列',
      en: 'the header has neither a column mobile nor a column email',
    })
  const body = rows.slice(headerAt + 1)
  if (body.length === 0) throw bad({ zh: '表头下面没有数据', en: 'there is nothing below the header' })
  if (body.length > recordsAtMost)
    throw bad({
      zh: `一次最多导入 ${recordsAtMost} 行，收到 ${body.length} 行`,
      en: `at most ${recordsAtMost} rows can be imported at once, got ${body.length}`,
    })
  const cellOf = (cells: string[], column: ImportColumn) => cells[columns.indexOf(column)] ?? ''
  return {
    encoding,
    separator,
    columns: known,
    ignoredColumns: header.cells.filter(cell => cell !== '' && columnOf(cell) === undefined),
    records: body.map(({ line, cells }) => ({
      line,
      userId: cellOf(cells, 'userId'),
      mobile: cellOf(cells, 'mobile'),
      email: cellOf(cells, 'email'),
    })),
  }
}

function bad(what: Words): ApiError {
  return new ApiError('badParameter', what)
}

function columnOf(header: string): ImportColumn | undefined {
  // Headers may look like `账号 (必填)` or `*手机`.
  const name = header
    .toLowerCase()
    .replace(/[（(【[].*$/, '')
    .replace(/[\s*:：]/g, '')
  return (Object.keys(headers) as ImportColumn[]).find(column => headers[column].includes(name))
}

function decode(bytes: Buffer): { text: string; encoding: ImportFile['encoding'] } {
  if (bytes.length === 0) throw bad({ zh: '文件是空的', en: 'the file is empty' })
  const begins = (...start: number[]) => start.every((byte, index) => bytes[index] === byte)
  if (begins(0x50, 0x4b, 0x03, 0x04) || begins(0xd0, 0xcf, 0x11, 0xe0))
    throw bad({
      zh: '这是 Excel 工作簿，不是 CSV：请在 Excel 中“另存为”CSV 后再上传',
      en: 'this is an Excel workbook, not CSV: save it as CSV in Excel and upload that',
    })
  const wide = begins(0xff, 0xfe) ? 'utf-16le' : begins(0xfe, 0xff) ? 'utf-16be' : wideWithoutMark(bytes)
  if (wide) return { text: new TextDecoder(wide).decode(bytes), encoding: 'UTF-16' }
  const utf8 = tryDecode('utf-8', bytes)
  if (utf8 !== undefined) return { text: checked(utf8), encoding: 'UTF-8' }
  const chinese = tryDecode('gb18030', bytes)
  if (chinese === undefined)
    throw bad({
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
    throw bad({ zh: '文件里有二进制内容，不是 CSV', en: 'the file is binary, not CSV' })
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
function separatorOf(text: string): ImportFile['separator'] {
  const lines = text.slice(0, headerWithin * recordLength).split(/\r\n|\r|\n/, headerWithin)
  const separators = [',', ';', '\t'] as const
  for (const line of lines) {
    // The parser refuses such a line; until then it would only cost seconds.
    if (line.length > recordLength) continue
    for (const separator of separators) {
      const cells = line.split(separator).map(cell => columnOf(cell.trim().replace(/^"|"$/g, '')))
      if (cells.length > 1 && cells.includes('userId')) return separator
    }
  }
  return ','
}

type Row = { line: number; cells: string[] }
const pieceLength = 65_536

/** Parses piece by piece, so that other requests get their turn. */
async function parseRows(text: string, separator: string): Promise<Row[]> {
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
  const rows: Row[] = []
  try {
    for await (const one of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      rows.push({ line: one.info.lines, cells: one.record })
      if (rows.length > recordsAtMost + headerWithin + 1)
        throw bad({
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
      throw bad({
        zh: `${where.zh}的引号没有成对，后面的内容无法读取`,
        en: `${where.en} has a quote without its pair, so what follows cannot be read`,
      })
    throw bad({ zh: `${where.zh}无法读取（${code}）`, en: `${where.en} cannot be read (${code})` })
  }
  return rows
}

function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += pieceLength) yield text.slice(at, at + pieceLength)
}
