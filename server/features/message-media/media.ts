import type { Corps } from '../../organisation/corps/corps.ts'
import { checkOn } from '../../organisation/corps/features/check-on.ts'
import type { Core } from '../../platform/core.ts'
import { privateHash, readFile, storePrivately } from '../../platform/files/files.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { shownName } from './file-name.ts'
import { type MediaKind, recogniseMedia } from './kinds.ts'
import * as store from './media-store.ts'
import { mediaKeptDays } from './retention.ts'

/** Its manifest's name, by which a corp has it on. */
export const mediaFeature = 'message-media'

/** All files of a corp, each counted once. */
const corpBytesAtMost = 2 * 1024 ** 3
const gigabytesAtMost = 2

type Needs = Core & { corps: Corps; offered: FeatureOffers }
type Owner = Pick<Caller, 'corpId' | 'devId'>

/** A file that a message can name; `size` is in bytes. */
export type StoredMedia = { mediaId: string; kind: MediaKind; name: string; size: number }

/**
 * Stores a file of a developer's, once by its content; the same one under the same name again keeps its id. Throws 1000 for what no
 * message can carry and beyond the corp's room, 1009 where files are switched off.
 */
export async function storeMedia(
  ctx: Needs,
  { corpId, devId }: Owner,
  given: { name: string; bytes: Buffer },
): Promise<StoredMedia> {
  checkOn(ctx, corpId, mediaFeature)
  const { bytes } = given
  const { kind, type, size } = recogniseMedia(bytes)
  const name = shownName(given.name)
  const hash = await privateHash(ctx, bytes)
  const at = new Date(ctx.now())
  const mediaId = await ctx.db.transaction().execute(async tx => {
    await store.lockCorpMedia(tx, corpId)
    const known = await store.useSame(tx, { corpId, devId, hash, name }, at)
    if (known !== undefined) return known
    if ((await store.bytesBeside(tx, corpId, hash)) + size > corpBytesAtMost) throw noRoom()
    await storePrivately(ctx, tx, corpId, { hash, type, bytes })
    const id = ctx.newId()
    await store.insertMedia(tx, corpId, { id, devId, hash, kind, type, name, size }, at)
    return id
  })
  return { mediaId, kind, name, size }
}

function noRoom(): ApiError {
  return new ApiError('badParameter', {
    zh: told`本企业的消息文件合计最多 ${own(gigabytesAtMost)} GB，已经用完；没有保存。没有消息用到的文件 ${own(mediaKeptDays)} 天后删除`,
    en: told`the files of the corp's messages have at most ${own(gigabytesAtMost)} GB in all, which are used up; nothing was stored. A file that no message names is deleted after ${own(mediaKeptDays)} days`,
  })
}

/** A file as the content of a message names it: `type` is its MIME type, `size` in bytes. */
export type MediaFile = StoredMedia & { type: string }

/**
 * Returns what is known of these files, in their order.
 * @throws ApiError 1002 for a file that is not this developer's, or does not exist.
 */
export async function mediaOf(
  ctx: Pick<Core, 'db'>,
  { corpId, devId }: Owner,
  ids: readonly string[],
): Promise<MediaFile[]> {
  const rows = ids.length > 0 ? await store.findMedia(ctx.db, corpId, ids) : []
  const found = new Map(rows.filter(row => row.devId === devId).map(row => [row.id, row]))
  return ids.map(id => {
    const row = found.get(id)
    if (!row) throw notOwn(id)
    const { kind, name, size, type } = row
    return { mediaId: id, kind, name, size, type }
  })
}

function notOwn(id: string): ApiError {
  return new ApiError('unknownDeveloper', {
    zh: told`没有文件 ${id}：它不是本应用上传的，或已删除。没有消息用到的文件 ${own(mediaKeptDays)} 天后删除，请重新上传`,
    en: told`there is no file ${id}: this application has not uploaded it, or it was deleted. A file that no message names is deleted after ${own(mediaKeptDays)} days: upload it again`,
  })
}

/** A file's bytes, for those who may read it; undefined when it is not there any more. */
export async function readMedia(
  ctx: Pick<Core, 'db'>,
  corpId: string,
  mediaId: string,
): Promise<{ name: string; type: string; bytes: Buffer } | undefined> {
  const [row] = await store.findMedia(ctx.db, corpId, [mediaId])
  const file = row && (await readFile(ctx, corpId, row.hash))
  return file && { name: row.name, type: row.type, bytes: file.bytes }
}
