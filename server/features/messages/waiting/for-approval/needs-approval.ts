import type { Developers } from '../../../../callers/developers/developers.ts'
import type { ReceiverInput } from '../../../../organisation/directory/read/audience.ts'
import type { View } from '../../../../organisation/directory/read/view.ts'
import { ApiError } from '../../../../platform/http/errors.ts'
import type { Setups } from '../../../channels/channel.ts'
import type { ApprovalCause } from '../../../channels/reason.ts'
import type { Level } from '../../../message-types/definition.ts'
import type { SendApproval } from '../../../send-approval/catalog.ts'
import type { ApprovalSettings } from '../../../send-approval/settings.ts'
import type { Alongside } from '../../accept/outbox.ts'
import type { Text } from '../../accept/texts.ts'
import { segmentsIn } from '../../deliver/payments.ts'
import { sendersNow } from '../senders.ts'

/**
 * Why a send waits for approval; `isAfter`: it leaves at once, and is looked at afterwards. `sms`: how many SMS it is. `shown`: the text with
 * the word, of several.
 */
export type Approval = {
  cause: ApprovalCause
  isAfter: boolean
  askedBy: string
  /** By `member.id`; they do not approve it. */
  senders: readonly number[]
  sms: number
  shown?: Text
}

type SendSize = {
  /** Undefined for what is sent without a type. */
  level: Level | undefined
  persons: number
  isToAll: boolean
  texts: readonly Text[]
  /** Those of them that leave; all unless given. */
  sent?: readonly Text[]
}

/** Whether a send needs approval by what its corp has set. In memory. */
export function neededApproval(
  ctx: { developers: Developers; messageSettings: Setups; sendApproval: SendApproval },
  { developer, mirror }: Pick<View, 'developer' | 'mirror'>,
  asked: SendSize,
): Approval | undefined {
  const { corpId } = developer
  const found = causeOf(ctx.sendApproval.of(corpId), asked)
  if (!found) return undefined
  const askedBy = asked.texts[0]?.submission.actor ?? `developer:${developer.devId}`
  const senders = sendersNow(ctx, mirror, askedBy)
  return { ...found, isAfter: asked.level === 'urgent', askedBy, senders, sms: smsOf(ctx, corpId, asked) }
}

function causeOf(
  { receivers, all, words }: ApprovalSettings,
  { persons, isToAll, texts }: SendSize,
): { cause: ApprovalCause; shown?: Text } | undefined {
  if (all && isToAll) return { cause: { code: 'toEverybody' } }
  if (receivers > 0 && persons > receivers)
    return { cause: { code: 'manyReceivers', persons, atMost: receivers } }
  return wordIn(words, texts)
}

/** Whether receivers are everybody of the corp, by whatever name: `@all`, or departments and tags that hold all. */
export function isEverybody(
  { mirror }: Pick<View, 'mirror'>,
  { toUser, toParty, toTag, toGroup = [] }: ReceiverInput,
  persons: number,
): boolean {
  if (toUser.includes('@all')) return true
  return toParty.length + toTag.length + toGroup.length > 0 && persons >= mirror.members.listed
}

function wordIn(
  words: readonly string[],
  texts: readonly Text[],
): { cause: ApprovalCause; shown: Text } | undefined {
  if (words.length === 0) return undefined
  const wanted = words.map(word => [word, plain(word)] as const)
  for (const text of texts) {
    const said = textsIn(text.submission.content).flatMap(one => [
      plain(one),
      plain(one.replaceAll(tags, '')),
    ])
    const found = wanted.find(([, sought]) => sought !== '' && said.some(one => one.includes(sought)))
    if (found) return { cause: { code: 'listedWord', word: found[0] }, shown: text }
  }
  return undefined
}

/** Of a link in a text, or of a mail's markup. */
const tags = /<[^<>]*>/g

/** Case, width, spaces and what is not seen make no other word. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{Cf}]/gu, '')
}

/** All that a content says, whatever its channel. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** How many SMS a vendor counts: a long text is several for each person. */
function smsOf(
  ctx: { messageSettings: Setups },
  corpId: string,
  { persons, texts, sent = texts }: SendSize,
): number {
  return sent.reduce((sum, { submission: { channel, content }, audience }) => {
    const receivers = audience.isAll ? persons : audience.members.length
    return sum + receivers * segmentsIn(ctx, corpId, channel, content)
  }, 0)
}

/** How a message is sent beside its content. `pin`: an announcement for its receivers is stored with it. */
export type SendManner = { pin?: Alongside | undefined }

/** An announcement would say to all at once what waits for approval. Throws 1000. */
export function checkPins({ pin }: SendManner, approval: Approval | undefined): void {
  if (!pin || !approval || approval.isAfter) return
  throw new ApiError('badParameter', {
    zh: '这次发送须先由他人批准，不能同时置顶为公告；没有发送。请先发送，批准后再发布公告',
    en: 'another person has to approve this send first, so it cannot be pinned as an announcement at once; nothing was sent. Send it without the announcement, and publish the announcement after the approval',
  })
}
