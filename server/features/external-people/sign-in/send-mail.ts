import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import type { SendNeeds, Setups } from '../../channels/channel.ts'
import { channelOf } from '../../channels/channels.ts'
import { keptReason, Refusal } from '../../channels/telling.ts'

export type MailNeeds = Core & SendNeeds & { corps: Corps; messageSettings: Setups }

export function canSendMail({ corps, messageSettings }: MailNeeds, corpId: string): boolean {
  const setup = messageSettings.setupOf(corpId, 'email')
  return channelOf('email').missing(setup, corps.get(corpId), null) === undefined
}

/** Sends what is no message and is kept nowhere, such as a link to sign in. Throws 1008 where the corp sends no mail. */
export async function sendMailTo(
  ctx: MailNeeds,
  corpId: string,
  member: { id: number; userId: string },
  words: { agentName: string; title: string; content: string; url?: string; btntxt?: string },
): Promise<void> {
  const channel = channelOf('email')
  const corp = ctx.corps.get(corpId)
  const setup = ctx.messageSettings.setupOf(corpId, 'email')
  const missing = channel.missing(setup, corp, null)
  if (missing) throw new Refusal(missing)
  const { content } = channel.compose({ ...channel.sample, ...words }, setup)
  const outcome = await channel.send({
    ctx,
    corp,
    setup,
    agentId: null,
    content,
    key: `${ctx.newId()}.1`,
    chunk: 0,
    userIds: [member.userId],
    memberIds: [member.id],
    isChecked: false,
    firstTriedAt: new Date(ctx.now()),
    isRepeated: false,
  })
  const reason = outcome.kind === 'sent' ? outcome.failures[0]?.reason : outcome.reason
  if (reason) ctx.log.warn({ corpId, why: keptReason(reason) }, 'mail to somebody from outside not sent')
}
