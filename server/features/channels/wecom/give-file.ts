import type { Agent } from '../../../organisation/corps/corps.ts'
import { LimitReached } from '../../../upstream/transport/call-budget.ts'
import { WecomError } from '../../../upstream/wecom/errors.ts'
import { type AgentMedia, forgetMediaId, mediaIdFor } from '../../message-media/give.ts'
import { filesOf } from '../../message-media/message-files.ts'
import type { MediaUse } from '../../message-media/upload-store.ts'
import type { ChannelCall, Outcome } from '../channel.ts'
import { outcomeOf } from './outcome.ts'
import type { WecomReason } from './reasons.ts'

/** A call whose content may name a file. */
type FileCall = Pick<
  ChannelCall<unknown, object>,
  'ctx' | 'corp' | 'key' | 'content' | 'isRepeated' | 'firstTriedAt'
>

/** A file that WeCom knows by this id now; or what became of the call, of which nothing has left. */
type GivenFile = { mediaId: string; kind?: undefined } | (Outcome & { mediaId?: undefined })

/** A part is leased for a minute, of which its own call needs a share. */
const uploadAtMostMs = 30_000

/** Gives the message's file to WeCom, unless it has it; undefined for a message without. `as`: what it is uploaded as. */
export async function fileGiven(
  outgoing: FileCall,
  agent: Agent,
  as: AgentMedia | undefined,
): Promise<GivenFile | undefined> {
  const { ctx, content, isRepeated, firstTriedAt } = outgoing
  const use = useOf(outgoing)
  const [file] = filesOf(content)
  if (!use || !file || !as) return undefined
  const triedAt = isRepeated ? firstTriedAt : undefined
  const beganAt = ctx.now()
  try {
    const given = await mediaIdFor(ctx, agent, use, { as, triedAt })
    if (given === 'forgotten') return { kind: 'unsure', reason: { code: 'wecomFileForgotten' } }
    // Behind a slow upload the lease of the part may be over, and another node may have it. The next attempt finds the file there.
    if (given !== 'gone' && ctx.now() - beganAt > uploadAtMostMs)
      return { kind: 'again', reason: { code: 'wecomUploadSlow' } }
    if (given !== 'gone') return given
    return { kind: 'refused', reason: { code: 'wecomFileGone', name: file.name }, isConfig: false }
  } catch (error) {
    if (error instanceof LimitReached)
      return { kind: 'again', reason: { code: 'wecomUploadLater' }, afterMs: error.retryAfterSeconds * 1000 }
    const outcome = outcomeOf(error)
    // Whatever became of the upload, nothing of the message has left.
    return outcome.kind === 'unsure' ? { kind: 'again', reason: outcome.reason } : outcome
  }
}

function useOf({ corp: { corpId }, key, content }: FileCall): MediaUse | undefined {
  const [file] = filesOf(content)
  const [messageId = ''] = key.split('.')
  return file && { corpId, messageId, mediaId: file.mediaId }
}

const unknownMedia = 40007

export function isUnknownFile(error: unknown, { content }: FileCall): boolean {
  return error instanceof WecomError && error.errcode === unknownMedia && filesOf(content).length > 0
}

/** What may have arrived before cannot be repeated by another media_id: these are other bytes. */
export async function withoutFile(outgoing: FileCall, mediaId = ''): Promise<Outcome> {
  const reason: WecomReason = { code: 'wecomFileForgotten' }
  if (outgoing.isRepeated) return { kind: 'unsure', reason }
  const use = useOf(outgoing)
  if (use) await forgetMediaId(outgoing.ctx, use, mediaId)
  return { kind: 'again', reason }
}
