import { ownTurn } from '../../../../platform/operation/own-turn.ts'
import type { Seal } from '../../../../platform/security/seal.ts'
import { readSealedFile } from '../../../../platform/security/sealed-file.ts'
import { SealedFileError } from '../../../../platform/security/sealed-frames.ts'
import type { Db } from '../../../../platform/storage/db.ts'
import type { Department, Tag } from '../../entities.ts'
import { feedRange } from '../../feed-store.ts'
import type { Mirror } from '../mirror.ts'
import { buildTree } from '../tree.ts'
import { jsonOf, kinds, readRows, StoreReader } from './frames.ts'
import { type Origin, originOf } from './origin.ts'
import { type Counts, purpose } from './write-snapshot.ts'

/** Why a snapshot is of no use, in words for the log. */
export class UselessSnapshot extends Error {}

export type ReadNeeds = { db: Db; seal: Seal; now(): number }

/** From then on it is older than what anybody would still want of a corp that nobody uses here. */
export const keptMs = 7 * 86_400_000

/**
 * Reads a snapshot into an empty mirror, whose number is then the snapshot's: what came since is in the feed. Throws
 * UselessSnapshot, after which the mirror is to be thrown away.
 */
export async function readSnapshot(needs: ReadNeeds, mirror: Mirror, path: string): Promise<void> {
  try {
    await fill(needs, mirror, readSealedFile(path, needs.seal, purpose))
  } catch (error) {
    const isLink = (error as NodeJS.ErrnoException).code === 'ELOOP'
    if (isLink || error instanceof SealedFileError) throw new UselessSnapshot((error as Error).message)
    throw error
  }
}

async function fill(needs: ReadNeeds, mirror: Mirror, frames: AsyncGenerator<Buffer>): Promise<void> {
  let origin: Origin | undefined
  const departments: Department[] = []
  const stores = new StoreReader()
  let members = 0
  let counts: Counts | undefined
  for await (const frame of frames) {
    const kind = frame[0]
    if (!origin) {
      origin = jsonOf<Origin>(frame)
      await checkOrigin(needs, mirror.corpId, origin)
      mirror.members.reserve(origin.ordinals)
    } else if (kind === kinds.members)
      members += readRows(frame, (ordinal, row) => mirror.members.restore(ordinal, row))
    else if (kind === kinds.array) stores.fill(frame)
    else if (kind === kinds.store) stores.begin(jsonOf(frame))
    else if (kind === kinds.departments) departments.push(...jsonOf<Department[]>(frame))
    else if (kind === kinds.tags) addTag(mirror.tags, jsonOf<Tag>(frame))
    else counts = jsonOf<Counts>(frame)
  }
  const isWhole =
    counts?.members === members &&
    counts.departments === departments.length &&
    counts.tags === mirror.tags.size &&
    stores.isComplete
  if (!origin || !counts || !isWhole) throw new UselessSnapshot('it has not as much in it as it says')
  mirror.members.restored(counts.isStill)
  mirror.tree = buildTree(mirror.corpId, departments)
  for (const part of stores.parts) {
    await ownTurn()
    mirror.search.adopt(part, mirror.members.isListedAt)
  }
  mirror.seq = origin.seq
}

/** Throws UselessSnapshot unless it is of this corp as it was in this database, and the feed goes on from there. */
async function checkOrigin({ db, now }: ReadNeeds, corpId: string, origin: Origin): Promise<void> {
  const { first, seq } = await feedRange(db, corpId)
  const here = await originOf(db, corpId, origin, now())
  const refuse = (why: string): never => {
    throw new UselessSnapshot(why)
  }
  if (origin.format !== here.format || origin.wisp !== here.wisp)
    refuse(`it is of wisp ${origin.wisp} and format ${origin.format}, not ${here.wisp} and ${here.format}`)
  if (origin.endianness !== here.endianness) refuse('it is of another kind of machine')
  if (origin.corpId !== corpId) refuse(`it is of the corp ${origin.corpId}`)
  if (origin.database !== here.database) refuse('it is of another database')
  if (origin.seq > seq) refuse(`its number ${origin.seq} is later than the feed's, ${seq}`)
  if (origin.seq + 1 < first) refuse(`the feed begins at ${first}, after its number ${origin.seq}`)
  if (origin.change !== here.change || here.change === '')
    refuse(`its last change ${origin.change} is not that of the database, ${here.change || 'which has none'}`)
  const age = now() - Date.parse(origin.writtenAt)
  if (!(age < keptMs)) refuse(`it was written on ${origin.writtenAt}`)
}

/** A tag of many comes in several frames. */
function addTag(tags: Map<number, Tag>, tag: Tag): void {
  const known = tags.get(tag.id)
  if (known) for (const key of tag.userKeys) known.userKeys.push(key)
  else tags.set(tag.id, tag)
}
