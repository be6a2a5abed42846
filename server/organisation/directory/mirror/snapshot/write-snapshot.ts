import type { Seal } from '../../../../platform/security/seal.ts'
import { type SealedWriter, writeSealedFile } from '../../../../platform/security/sealed-file.ts'
import type { Db } from '../../../../platform/storage/db.ts'
import type { Mirror } from '../mirror.ts'
import { jsonFrame, kinds, RowWriter, rowsPerFrame, storeFrames } from './frames.ts'
import { originOf } from './origin.ts'

export const purpose = 'address book'

export type WriteNeeds = { db: Db; seal: Seal; now(): number }
export type WrittenSnapshot = { seq: number; bytes: number }

/** How much there is of each, which the last frame says, and whether no member changed meanwhile. */
export type Counts = { departments: number; tags: number; members: number; isStill: boolean }

const departmentsPerFrame = 500
const tagMembersPerFrame = 5000

/** A snapshot would take more of the disk than all may. */
export class TooLarge extends Error {}

/**
 * Writes an address book frame by frame, so that others get their turn between them. Changes that come meanwhile may be in it in part;
 * all of them are numbered after `seq`, and who reads the snapshot reads what they name again.
 */
export async function writeSnapshot(
  { db, seal, now }: WriteNeeds,
  mirror: Mirror,
  path: string,
  bytesAtMost: number,
): Promise<WrittenSnapshot> {
  const { seq } = mirror
  const ordinals = mirror.members.end
  const frames = framesOf(mirror)
  const origin = await originOf(db, mirror.corpId, { seq, ordinals }, now())
  const file = await writeSealedFile(path, seal, purpose)
  try {
    await file.write(jsonFrame(0, origin))
    await writeAll(file, frames, bytesAtMost)
    return { seq, bytes: file.bytes }
  } finally {
    await file.close()
  }
}

async function writeAll(
  file: SealedWriter,
  frames: Generator<Buffer, Counts>,
  bytesAtMost: number,
): Promise<void> {
  for (;;) {
    const { value, done } = frames.next()
    if (done) return file.end(jsonFrame(kinds.end, value))
    await file.write(value)
    if (file.bytes > bytesAtMost)
      throw new TooLarge(`it would be larger than the ${bytesAtMost} bytes that all may take`)
  }
}

/** What does not change by itself is held at once; rows are read when it is their turn. */
function framesOf(mirror: Mirror): Generator<Buffer, Counts> {
  const departments = mirror.tree.order.map(node => node.department)
  const tags = [...mirror.tags.values()]
  const search = mirror.search.cut()
  return (function* () {
    for (let at = 0; at < departments.length; at += departmentsPerFrame)
      yield jsonFrame(kinds.departments, departments.slice(at, at + departmentsPerFrame))
    for (const tag of tags) {
      let at = 0
      do {
        const userKeys = tag.userKeys.slice(at, at + tagMembersPerFrame)
        yield jsonFrame(kinds.tags, { ...tag, userKeys })
        at += tagMembersPerFrame
      } while (at < tag.userKeys.length)
    }
    const { revision } = mirror.members
    const members = yield* memberFrames(mirror)
    const isStill = mirror.members.revision === revision
    for (const store of search) yield* storeFrames(store)
    return { departments: departments.length, tags: tags.length, members, isStill }
  })()
}

function* memberFrames({ members }: Mirror): Generator<Buffer, number> {
  const rows = new RowWriter()
  let count = 0
  for (let ordinal = 0; ordinal < members.end; ordinal++) {
    const row = members.rowAt(ordinal)
    if (!row) continue
    rows.add(ordinal, row)
    count++
    if (rows.count === rowsPerFrame) yield rows.take()
  }
  if (rows.count > 0) yield rows.take()
  return count
}
