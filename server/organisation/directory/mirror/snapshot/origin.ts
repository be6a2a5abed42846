import { endianness } from 'node:os'
import type { Db } from '../../../../platform/storage/db.ts'
import { nameOfDatabase } from '../../../../platform/storage/ways/server-identity.ts'
import { version } from '../../../../platform/version.ts'
import { changeAt } from '../../feed-store.ts'
import { format } from './frames.ts'

/** Where a snapshot is from: its first frame. All of it is compared with how things are when it is read. */
export type Origin = {
  format: number
  wisp: string
  endianness: string
  corpId: string
  /** The cluster and the database in it. */
  database: string
  /** The feed's number up to which the snapshot certainly has everything. */
  seq: number
  /** The last change up to that number, by which another history of the same database is told apart. */
  change: string
  /** One more than the highest ordinal: the room to make at once, since growing step by step would hold up others. */
  ordinals: number
  /** ISO. */
  writtenAt: string
}

export async function originOf(
  db: Db,
  corpId: string,
  { seq, ordinals }: Pick<Origin, 'seq' | 'ordinals'>,
  now: number,
): Promise<Origin> {
  return {
    format,
    wisp: version,
    endianness: endianness(),
    corpId,
    database: await nameOfDatabase(db),
    seq,
    ordinals,
    change: await changeAt(db, corpId, seq),
    writtenAt: new Date(now).toISOString(),
  }
}
