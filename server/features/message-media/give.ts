/**
 * Gives a file to WeCom, once for all receivers and for all messages of three days. A message keeps the media_id that it was first sent
 * by: repetitions of what may have arrived have the same bytes, which WeCom's duplicate check compares.
 */

import type { Core } from '../../platform/core.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Forward } from '../../upstream/transport/forward.ts'
import { uploadMedia } from '../../upstream/wecom/media.ts'
import { type MediaFile, readMedia } from './media.ts'
import * as store from './upload-store.ts'

type Agent = { readonly agentId: number; readonly forward: Forward }

const hourMs = 3_600_000
/** So long WeCom has it (docs/upstream/wecom-messages.md#media), less what its clock and ours may differ. */
const lifeMs = 72 * hourMs - hourMs
/** What ends sooner is uploaded again for a message that is sent first: it may be repeated for four hours. */
const spareMs = 6 * hourMs

/** As what a file is uploaded: WeCom takes it for this msgtype alone. */
export type AgentMedia = 'image' | 'voice' | 'video' | 'file'

/** Uploads that are under way on this node: parts of one message share one. */
const underWay = new Map<string, Promise<store.GivenMedia | undefined>>()

/** `gone`: the file is not there any more. `forgotten`: WeCom does not have it any more by the media_id that the message went by before. */
export type GivingAgent = { mediaId: string } | 'gone' | 'forgotten'

/**
 * The media_id by which this message is sent. `triedAt`: since when an earlier attempt may have arrived, so that no other media_id will do.
 * Throws what WeCom answers to the upload, before anything of the message has left.
 */
export async function mediaIdFor(
  ctx: Core,
  agent: Agent,
  use: store.MediaUse,
  { as, triedAt }: { as: AgentMedia; triedAt: Date | undefined },
): Promise<GivingAgent> {
  const now = new Date(ctx.now())
  const decided = await store.givenTo(ctx.db, use)
  const isOther = decided?.replacedAt && triedAt && decided.replacedAt > triedAt
  if (decided && decided.until > now && !isOther) return { mediaId: decided.id }
  if (decided && triedAt) return 'forgotten'
  const key = { corpId: use.corpId, mediaId: use.mediaId, agentId: agent.agentId, type: as }
  const known = await store.findUpload(ctx.db, key, new Date(ctx.now() + spareMs))
  const given = known ?? (await sharedUpload(ctx, agent, key, as))
  return given ? { mediaId: await store.decideGiven(ctx.db, use, given, now) } : 'gone'
}

function sharedUpload(
  ctx: Core,
  agent: Agent,
  key: store.UploadKey,
  as: AgentMedia,
): Promise<store.GivenMedia | undefined> {
  const name = JSON.stringify(key)
  const running = underWay.get(name)
  if (running) return running
  const upload = uploaded(ctx, agent, key, as).finally(() => underWay.delete(name))
  underWay.set(name, upload)
  return upload
}

async function uploaded(
  ctx: Core,
  { forward }: Agent,
  key: store.UploadKey,
  as: AgentMedia,
): Promise<store.GivenMedia | undefined> {
  const file = await readMedia(ctx, key.corpId, key.mediaId)
  if (!file) return undefined
  const until = new Date(ctx.now() + lifeMs)
  const given = { id: await uploadMedia(forward, as, file), until }
  await store.putUpload(ctx.db, key, given)
  return given
}

/** After WeCom said that it does not know this media_id: what has not been tried yet goes by another. */
export async function forgetMediaId(ctx: Core, use: store.MediaUse, mediaId: string): Promise<void> {
  await store.endGiven(ctx.db, use, mediaId, new Date(ctx.now()))
}

const dayMs = 24 * hourMs

/** Notes which files messages name, in the transaction that accepts them: these stay as long as the messages. */
export async function nameFiles(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  named: readonly { corpId: string; messageId: string; files: readonly MediaFile[] }[],
): Promise<void> {
  const uses = named.flatMap(({ corpId, messageId, files }) =>
    files.map(({ mediaId }) => ({ corpId, messageId, mediaId })),
  )
  const now = ctx.now()
  await store.insertUses(tx, uses, { now: new Date(now), ifBefore: new Date(now - dayMs) })
}
