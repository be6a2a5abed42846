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
import type { ApprovalEntry } from '../approvals/approvals.ts'
import type { CardEntry } from '../cards/cards.ts'
import type { CorpSize } from '../corp/corp.ts'
import type { Editor } from '../edits/edit.ts'
import type { Input } from '../http/input.ts'
import type { StoredTicket } from '../js-sdk/tickets.ts'
import type { StoredEntry } from '../messages/entry.ts'
import type { OfficialEntry } from '../official/state/records.ts'
import type { PayEntry } from '../pay/state/merchant.ts'
import type { StoredPush } from '../push/pusher.ts'
import type { StoredToken } from '../rules/tokens.ts'
import type { Settings } from '../settings.ts'
import type { ChatEntry } from '../state/chats.ts'

/**
 * One line of the journal. The first line is always the base, from which the sample corp and the credentials
 * are generated again.
 */
export type JournalEntry =
  | { base: CorpSize; identitySeed: number }
  /** Earlier versions wrote `console` instead of `editor`. */
  | { edit: string; input: Input; editor?: Editor; console?: boolean; pushes?: StoredPush[] }
  | { pushed: number }
  | { settings: Settings }
  | { token: StoredToken }
  | { jsTicket: StoredTicket }
  | StoredEntry
  /** The receipts of Tencent's SMS have been fetched up to this message. */
  | { pulled: number }
  | CardEntry
  | ChatEntry
  | ApprovalEntry
  | OfficialEntry
  | PayEntry

/**
 * Stores every change since the sample corp as one JSON line. The line is passed to the operating system
 * before the change is answered, so a killed process loses nothing; a line that was only half written was
 * never answered. Without a directory nothing is stored.
 */
export class Journal {
  readonly #path: string | undefined
  #fd: number | undefined

  constructor(dataDir: string | undefined) {
    if (dataDir === undefined) return
    mkdirSync(dataDir, { recursive: true })
    this.#path = join(dataDir, 'sandbox.journal')
  }

  /** Reads the stored entries. An incomplete last line is cut off; an invalid line before it is an error. */
  open(): JournalEntry[] {
    if (this.#path === undefined || !existsSync(this.#path)) return []
    const bytes = readFileSync(this.#path)
    const end = bytes.lastIndexOf(10) + 1
    this.#fd = openSync(this.#path, 'a')
    if (end < bytes.length) ftruncateSync(this.#fd, end)
    // Parsed line by line, because many messages together are longer than a string can be.
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

  /** Replaces the journal by these entries atomically. */
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
