import { createHash } from 'node:crypto'
import { createGunzip } from 'node:zlib'
import { BackupError } from './backup-error.ts'
import { type Footer, type Header, lineAtMost, type Sequences } from './dump-store.ts'
import type { PlainSource } from './source.ts'

const newline = 10
const megabyte = 1 << 20

/** Largest accepted first line, in bytes; it names some dozens of migrations. */
const headerAtMost = 64 << 10

/**
 * Backups compress to a fifth, or to a thirtieth if rows are much alike. gzip can compress a thousandfold; a file
 * close to that is made to exhaust memory or time. Small files are exempt, since their ratio says nothing.
 */
const ratioAtMost = 250
const littleAtMost = 32 * megabyte

/**
 * Yields the lines of a gzip file. Throws BackupError when it cannot be read to its end, when a line is longer than
 * any in a backup, or when the file unpacks to much more than a backup would.
 */
export async function* readLines({ name: file, open }: PlainSource): AsyncGenerator<string> {
  const source = open()
  const unzipped = createGunzip()
  source.on('error', error => unzipped.destroy(error))
  let parts: Buffer[] = []
  let length = 0
  let unpacked = 0
  let longest = headerAtMost
  const add = (part: Buffer) => {
    length += part.length
    if (length > longest) throw tooLong(file, longest)
    parts.push(part)
  }
  try {
    for await (const chunk of source.pipe(unzipped) as AsyncIterable<Buffer>) {
      unpacked += chunk.length
      if (unpacked > littleAtMost && unpacked > unzipped.bytesWritten * ratioAtMost)
        throw new BackupError(
          `${file} 不是 wisp 的备份：解压后大得不合常理`,
          `${file} is no backup of wisp: it unpacks to far too much`,
        )
      let from = 0
      for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
        add(chunk.subarray(from, at))
        yield Buffer.concat(parts).toString('utf8')
        parts = []
        length = 0
        longest = lineAtMost
        from = at + 1
      }
      if (from < chunk.length) add(chunk.subarray(from))
    }
  } catch (error) {
    throw readError(file, error)
  } finally {
    source.destroy()
    unzipped.destroy()
  }
  if (length > 0)
    throw new BackupError(
      `${file} 不完整：最后一行被截断`,
      `${file} is incomplete: its last line was cut off`,
    )
}

function tooLong(file: string, longest: number): BackupError {
  if (longest === headerAtMost)
    return new BackupError(
      `${file} 不是 wisp 的备份：第一行太长`,
      `${file} is no backup of wisp: its first line is too long`,
    )
  const size = `${longest / megabyte} MB`
  return new BackupError(
    `${file} 已损坏：有一行超过 ${size}`,
    `${file} is damaged: a line is longer than ${size}`,
  )
}

function readError(file: string, error: unknown): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException
  if (code === 'Z_BUF_ERROR')
    return new BackupError(`${file} 不完整：文件被截断`, `${file} is incomplete: it was cut off`)
  if (code.startsWith('Z_'))
    return new BackupError(
      `${file} 已损坏，或不是 wisp 的备份（${message}）`,
      `${file} is damaged, or no backup of wisp (${message})`,
    )
  if (code === 'ENOENT') return new BackupError(`没有文件 ${file}`, `there is no file ${file}`)
  if (!(error instanceof Error && code)) return error
  return new BackupError(`${file} 读不出来: ${message}`, `${file} cannot be read: ${message}`)
}

export type BackupLine =
  | { kind: 'row'; text: string }
  | { kind: 'table'; table: string; columns: string[] }
  | { kind: 'sequences'; sequences: Sequences }
  | { kind: 'footer'; footer: Footer }

/** Parses a line, except that rows are passed on unparsed. */
export function parseLine(file: string, text: string): BackupLine {
  if (text.startsWith('[')) return { kind: 'row', text }
  const value = parseObject(text)
  if (typeof value['table'] === 'string' && Array.isArray(value['columns']))
    return { kind: 'table', table: value['table'], columns: value['columns'].map(String) }
  if (value['sequences']) return { kind: 'sequences', sequences: value['sequences'] as Sequences }
  if (typeof value['sha256'] === 'string' && value['rows'])
    return { kind: 'footer', footer: value as unknown as Footer }
  throw new BackupError(`${file} 已损坏：有看不懂的行`, `${file} is damaged: it has lines that no backup has`)
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}

/** `bytes`: what the rows take without compression. */
export type FileSummary = { headerLine: string; header: Header; footer: Footer; bytes: number }

/** Reads the file to its end, so that nothing is restored from one that is cut off or altered. Throws BackupError. */
export async function checkFile(source: PlainSource): Promise<FileSummary> {
  const file = source.name
  const hash = createHash('sha256')
  const counted: Record<string, number> = {}
  let headerLine = ''
  let header: Header | undefined
  let table = ''
  let footer: Footer | undefined
  let bytes = 0
  for await (const text of readLines(source)) {
    bytes += text.length
    if (footer)
      throw new BackupError(
        `${file} 已损坏：结尾之后还有内容`,
        `${file} is damaged: something follows its end`,
      )
    if (!header) {
      header = readHeader(file, text)
      headerLine = text
    } else {
      const line = parseLine(file, text)
      if (line.kind === 'footer') {
        footer = line.footer
        continue
      }
      if (line.kind === 'table') {
        table = line.table
        counted[table] = 0
      }
      if (line.kind === 'row') {
        if (!table)
          throw new BackupError(
            `${file} 已损坏：有不属于任何表的行`,
            `${file} is damaged: it has rows of no table`,
          )
        counted[table] = (counted[table] ?? 0) + 1
      }
    }
    hash.update(text).update('\n')
  }
  if (!header || !footer)
    throw new BackupError(`${file} 不完整：没有结尾`, `${file} is incomplete: it has no end`)
  if (hash.digest('hex') !== footer.sha256)
    throw new BackupError(
      `${file} 已损坏或被改动：校验和不符`,
      `${file} is damaged or was changed: its checksum is another`,
    )
  for (const [name, rows] of Object.entries(footer.rows)) {
    const found = counted[name] ?? 0
    if (found !== rows)
      throw new BackupError(
        `${file} 已损坏：表 ${name} 应有 ${rows} 行，实为 ${found} 行`,
        `${file} is damaged: table ${name} should have ${rows} rows, and has ${found}`,
      )
  }
  return { headerLine, header, footer, bytes }
}

function readHeader(file: string, text: string): Header {
  const header = parseObject(text) as Partial<Header>
  if (header.wisp !== 'backup')
    throw new BackupError(`${file} 不是 wisp 的备份`, `${file} is no backup of wisp`)
  if (header.format !== 1)
    throw new BackupError(
      `${file} 的格式 ${header.format} 不认识：它由更新的 wisp 写成`,
      `${file} has the unknown format ${header.format}: a newer wisp wrote it`,
    )
  const { createdAt, keyFingerprint, migrations } = header
  const isWhole = typeof createdAt === 'string' && typeof keyFingerprint === 'string' && isNames(migrations)
  if (!isWhole)
    throw new BackupError(`${file} 已损坏：第一行不完整`, `${file} is damaged: its first line is incomplete`)
  return header as Header
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(name => typeof name === 'string')
}
