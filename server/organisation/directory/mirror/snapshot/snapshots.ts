/**
 * A snapshot is used if it is whole and of this installation, corp, database, history and release. Everything numbered after it
 * is read from the feed. Any other snapshot is one line in the log, and the rows are read instead.
 */

import { setTimeout as delay } from 'node:timers/promises'
import { describeError, type Log } from '../../../../platform/operation/log.ts'
import type { Seal } from '../../../../platform/security/seal.ts'
import type { Db } from '../../../../platform/storage/db.ts'
import { largeFrom, type Mirror } from '../mirror.ts'
import { corpIdIn, type Folder, openFolder } from './folder.ts'
import { keptMs, readSnapshot, UselessSnapshot } from './read-snapshot.ts'
import { TooLarge, writeSnapshot } from './write-snapshot.ts'

/** Address books as files of this node, so that a start need not read them from the database (docs/decisions/address-books-on-disk.md). */
export type Snapshots = {
  /** Fills an empty mirror as of its snapshot. False, and nothing is believed, where there is none that is good. */
  read(mirror: Mirror): Promise<boolean>
  /** From now on snapshots are written and useless ones deleted, which is for a node and not for a command beside it. */
  begin(mirrors: () => Mirror[], isCorp: (corpId: string) => boolean): Promise<void>
  /** Writes those that are due. */
  look(): Promise<void>
  /** Deletes those of corps that are gone. */
  sweep(): Promise<void>
  /** Writes what is worth it before the process ends. */
  end(): Promise<void>
}

export type SnapshotOptions = {
  db: Db
  log: Log
  seal: Seal
  nodeId: string
  now(): number
  /** Where they are; the folder is made when the first one is written. */
  dir: string
  /** What all may take on the disk; 0 is none. */
  bytes: number
  /** Smaller address books have none. */
  membersAtLeast?: number
}

const notAgainMs = 5 * 60_000
const afterFailureMs = 3600_000
/** Changes are read again one by one, a few thousand a second; more than these are worth a snapshot. */
const manyChanges = 5000
const hourMs = 3600_000
const dayMs = 24 * hourMs
const changesAtEnd = 500
const endWithinMs = 10_000

/** What is known of a corp's snapshot. `seq` is -1 when it must be written anew. */
type SnapshotState = { seq: number; writtenAt: number; triedAt: number; failed: boolean }

const neverWritten: SnapshotState = { seq: -1, writtenAt: 0, triedAt: 0, failed: false }

export function createSnapshots(options: SnapshotOptions): Snapshots {
  return new NodeSnapshots(options)
}

class NodeSnapshots implements Snapshots {
  #options: SnapshotOptions
  #membersAtLeast: number
  #folder: Folder
  #known = new Map<string, SnapshotState>()
  /** Undefined until it begins. */
  #loaded: (() => Mirror[]) | undefined
  #isCorp: (corpId: string) => boolean = () => true
  #looking: Promise<void> | undefined

  constructor(options: SnapshotOptions) {
    this.#options = options
    this.#membersAtLeast = options.membersAtLeast ?? largeFrom
    this.#folder = openFolder(options.dir, options.nodeId)
  }

  async begin(mirrors: () => Mirror[], isCorp: (corpId: string) => boolean): Promise<void> {
    this.#loaded = mirrors
    this.#isCorp = isCorp
    await this.sweep()
  }

  async read(mirror: Mirror): Promise<boolean> {
    const { log, now, bytes } = this.#options
    if (bytes === 0) return false
    const { corpId } = mirror
    const path = this.#folder.pathOf(corpId)
    const begunAt = performance.now()
    try {
      await readSnapshot(this.#options, mirror, path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
      const isUseless = error instanceof UselessSnapshot
      const why = isUseless ? { why: error.message } : describeError(error)
      log.warn({ corpId, path, ...why }, 'snapshot of an address book not used')
      // What cannot be deleted is told of again at the next start. Of other errors, such as too many open files, it is not to blame.
      if (this.#loaded && isUseless) await this.#folder.remove(corpId).catch(() => undefined)
      return false
    }
    const ms = Math.round(performance.now() - begunAt)
    this.#known.set(corpId, { seq: mirror.seq, writtenAt: now(), triedAt: 0, failed: false })
    log.info(
      { corpId, members: mirror.members.size, seq: mirror.seq, ms },
      'address book read from its snapshot',
    )
    return true
  }

  look = (): Promise<void> => {
    this.#looking ??= this.#writeDue(false).finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async sweep(): Promise<void> {
    const { log, now } = this.#options
    if (!this.#loaded) return
    for (const { name, isWhole, changedAt } of await this.#folder.list()) {
      const corpId = corpIdIn(name)
      const isStale = now() - changedAt > (isWhole ? keptMs : hourMs)
      if (corpId === undefined || (!isStale && this.#isCorp(corpId))) continue
      await this.#folder.removeFile(name)
      this.#known.delete(corpId)
      log.info(
        { corpId, file: name, why: isStale ? 'too old' : 'no such corp' },
        'snapshot of an address book deleted',
      )
    }
  }

  async end(): Promise<void> {
    await this.#looking
    const writing = this.#writeDue(true, this.#options.now() + endWithinMs)
    await Promise.race([writing, delay(endWithinMs, undefined, { ref: false })])
  }

  async #writeDue(isEnd: boolean, until = Number.POSITIVE_INFINITY): Promise<void> {
    const { bytes, now } = this.#options
    if (bytes === 0) return
    for (const mirror of this.#loaded?.() ?? [])
      if (now() < until && this.#isCorp(mirror.corpId) && this.#isDue(mirror, isEnd))
        await this.#write(mirror)
  }

  /** Whether a snapshot is worth the work by now. */
  #isDue(mirror: Mirror, isEnd: boolean): boolean {
    if (mirror.members.listed < this.#membersAtLeast) return false
    const { seq, writtenAt, triedAt, failed } = this.#known.get(mirror.corpId) ?? neverWritten
    const changes = seq < 0 ? Number.POSITIVE_INFINITY : mirror.seq - seq
    if (isEnd) return !failed && changes >= changesAtEnd
    // Otherwise whoever reads it would have to build the rest of the search again.
    if (!mirror.search.isSettled) return false
    const now = this.#options.now()
    if (now - triedAt < (failed ? afterFailureMs : notAgainMs)) return false
    const age = now - writtenAt
    return changes >= manyChanges || (changes > 0 && age >= hourMs) || age >= dayMs
  }

  async #write(mirror: Mirror): Promise<void> {
    const { log, now, bytes } = this.#options
    const { corpId } = mirror
    const entry = { ...(this.#known.get(corpId) ?? neverWritten), triedAt: now(), failed: false }
    this.#known.set(corpId, entry)
    const begunAt = performance.now()
    try {
      const written = await this.#folder.replace(corpId, path =>
        writeSnapshot(this.#options, mirror, path, bytes),
      )
      Object.assign(entry, { seq: written.seq, writtenAt: now() })
      const ms = Math.round(performance.now() - begunAt)
      log.info({ corpId, seq: written.seq, bytes: written.bytes, ms }, 'snapshot of an address book written')
      // The corp may have been deleted while its snapshot was written.
      if (!this.#isCorp(corpId)) await this.#folder.remove(corpId)
      await this.#makeRoom(corpId)
    } catch (error) {
      entry.failed = true
      const why = error instanceof TooLarge ? { why: error.message } : describeError(error)
      log.warn(
        { corpId, path: this.#folder.pathOf(corpId), ...why },
        'snapshot of an address book not written',
      )
    }
  }

  /** The oldest go while all together are too large, but not this one. */
  async #makeRoom(kept: string): Promise<void> {
    const { bytes } = this.#options
    const files = (await this.#folder.list()).filter(file => file.isWhole)
    let sum = files.reduce((all, file) => all + file.bytes, 0)
    for (const file of files.sort((a, b) => a.changedAt - b.changedAt)) {
      const corpId = corpIdIn(file.name)
      if (sum <= bytes || corpId === undefined || corpId === kept) continue
      await this.#folder.remove(corpId)
      this.#known.delete(corpId)
      sum -= file.bytes
    }
  }
}
