import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { CorpSize } from '../corp/corp.ts'
import type { Input } from '../http/input.ts'
import type { StoredAudience, StoredMessage } from '../messages/entry.ts'
import type { StoredPush } from '../push/pusher.ts'
import type { StoredToken } from '../rules/tokens.ts'
import type { Settings } from '../settings.ts'

/** One line of the journal. The first is always the base: what the sample corp is made from again, and the credentials. */
export type JournalEntry =
  | { base: CorpSize; identitySeed: number }
  | { edit: string; input: Input; console: boolean; pushes?: StoredPush[] }
  | { pushed: number }
  | { settings: Settings }
  | { token: StoredToken }
  | StoredMessage
  | StoredAudience
  | { recalled: number; at: string }
  /** Receipts of Tencent's SMS were pulled up to this message. */
  | { pulled: number }

/** Everything that changed since the sample corp, one JSON line each, handed to the operating system before the change is
 * answered: a killed process loses nothing, and a line it was killed in was never answered. Without a directory
 * nothing is kept. */
export class Journal {
  readonly #path: string | undefined
  #fd: number | undefined

  constructor(dataDir: string | undefined) {
    if (dataDir === undefined) return
    mkdirSync(dataDir, { recursive: true })
    this.#path = join(dataDir, 'sandbox.journal')
  }

  /** The entries so far; a torn last line is cut off, a broken one before it is an error. */
  open(): JournalEntry[] {
    if (this.#path === undefined || !existsSync(this.#path)) return []
    const bytes = readFileSync(this.#path)
    const end = bytes.lastIndexOf(10) + 1
    this.#fd = openSync(this.#path, 'a')
    if (end < bytes.length) ftruncateSync(this.#fd, end)
    // Line by line, as many messages are more than fits into one string.
    const entries: JournalEntry[] = []
    for (let start = 0; start < end; ) {
      const stop = bytes.indexOf(10, start)
      try {
        entries.push(JSON.parse(bytes.toString('utf8', start, stop)) as JournalEntry)
      } catch {
        throw new Error(`${this.#path}: line ${entries.length + 1} is not JSON`)
      }
      start = stop + 1
    }
    return entries
  }

  append(entry: JournalEntry): void {
    if (this.#fd !== undefined) writeFully(this.#fd, `${JSON.stringify(entry)}\n`)
  }

  /** Replaces the journal by these entries in one step. */
  restart(entries: JournalEntry[]): void {
    if (this.#path === undefined) return
    this.close()
    const next = `${this.#path}.next`
    this.#fd = openSync(next, 'w', 0o600)
    writeFully(this.#fd, entries.map(entry => `${JSON.stringify(entry)}\n`).join(''))
    renameSync(next, this.#path)
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }
}

function writeFully(fd: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done)
}
