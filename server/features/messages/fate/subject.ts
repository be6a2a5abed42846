import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { PortalMessage, Setups } from '../../channels/channel.ts'
import { channelOf } from '../../channels/channels.ts'
import { isBodyShown, type MessageRow } from '../../channels/part.ts'
import { openContent } from '../../channels/sealed.ts'
import { withoutSender } from '../mine/my-messages.ts'

type Needs = Core & { messageSettings: Setups }
type TitledMessage = {
  corpId: string
  channel: string
  /** The name of the application, which stands before the title in brackets. */
  agentName: string
  /** Sealed; null when it is too long for a list. */
  content: string | null
  templateId: string | null
}

const beginningAtMost = 40

/**
 * By what people know a message in a list, also after it was recalled: its title, or the beginning of a text without one; of an SMS its
 * wording without the values, which may be a code. What else it says is read one message at a time, which the audit log records.
 */
export function subjectOf(ctx: Needs, message: TitledMessage): string {
  const { agentName, templateId } = message
  const content = contentShown(ctx, message)
  if (content === undefined) return ''
  if (templateId) return titleOf(ctx, message)
  const { title, text } = withoutSender(read(ctx, message, content), agentName)
  return title || shortened(text)
}

/** The same for a reader who must not see the text: the first line of a plain text may be all that it says, such as a code. */
export function titleOf(ctx: Needs, message: TitledMessage): string {
  const { agentName } = message
  const content = contentShown(ctx, message)
  if (content === undefined) return ''
  const { title } = read(ctx, message, content)
  const prefix = `【${agentName}】`
  const own = title.startsWith(prefix) ? title.slice(prefix.length) : title
  return own || outlineOf(ctx, message, content)
}

/** Undefined for what is too long for a list, and for what is private: neither has a subject. */
function contentShown(ctx: Needs, { content }: TitledMessage): object | undefined {
  const opened = content === null ? undefined : openContent(ctx, { content })
  return opened && isBodyShown(opened) ? opened : undefined
}

function read(ctx: Needs, { corpId, channel }: TitledMessage, content: object): PortalMessage {
  return channelOf(channel).read(content, ctx.messageSettings.setupOf(corpId, channel))
}

function outlineOf(ctx: Needs, { corpId, channel }: TitledMessage, content: object): string {
  const setup = ctx.messageSettings.setupOf(corpId, channel)
  return shortened(channelOf(channel).outline?.(content, setup) ?? '')
}

function shortened(text: string): string {
  const all = [...text.trimStart().replaceAll(/\s+/g, ' ')]
  return all.length > beginningAtMost ? `${all.slice(0, beginningAtMost).join('')}…` : all.join('')
}

/** Before an administrator is shown what a message says, or what people answered to its words. Throws 1009 for a private one. */
export function checkBodyShown(ctx: Core, message: Pick<MessageRow, 'content' | 'typeKey'>): void {
  if (isBodyShown(openContent(ctx, message))) return
  const key = message.typeKey ?? ''
  throw new ApiError('forbidden', {
    zh: told`消息类型 ${key} 是私密的：正文只有发送方和收件人能看到`,
    en: told`the message type ${key} is private: only its sender and its receivers can read it`,
  })
}
