import { type Static, Type } from 'typebox'
import type { ReceiverInput } from '../../../organisation/directory/read/audience.ts'
import type { Language } from '../../../platform/words.ts'
import type { CardWarning } from '../../../upstream/wecom/cards/template-card.ts'
import type { AnyChannelName } from '../../channels/channels.ts'
import { warningsIn, warningsSchema } from '../../channels/warnings.ts'

export type Submission = {
  channel: AnyChannelName
  receivers: ReceiverInput
  content: object
  truncated: string[]
  /** What upstream takes but does not show as it is written. */
  warnings?: readonly CardWarning[]
  agentName: string
  agentId: string | undefined
  templateId: string | undefined
  requestId: string | undefined
  /** Recorded with the message when an administrator sends it. */
  actor?: string
  /** The message type by which it is sent. */
  type?: SendingType
  /** When it is to leave, as its caller wants it; absent where nothing was said. */
  timing?: SendTime
}

/** `sendAt`: at once without it. `about`: the developer's own number of the matter. */
export type SendTime = { sendAt?: Date; expiresAt?: Date; about?: string }

/**
 * `asked` is what the caller gave, by which a repeated requestId is recognised: the texts that are made of it differ when the type has
 * changed. `accepted`: to how many persons it goes. `msgId`: the id that the message of the call gets, because its texts may name its page.
 */
export type SendingType = { key: string; version: number; asked: string; accepted: number; msgId: string }

/**
 * The answer to a send (docs/interface/messages.md#sending-a-message). Invalid ids are joined by `|`, in the caller's spelling.
 */
export const sendAnswerSchema = Type.Object({
  msgId: Type.String(),
  status: Type.Enum(['failed', 'unknown', 'sent', 'queued', 'cancelled']),
  invaliduser: Type.String(),
  invalidparty: Type.String(),
  invalidtag: Type.String(),
  invalidgroup: Type.Optional(Type.String()),
  invalidrobot: Type.Optional(Type.String()),
  invalidchat: Type.Optional(Type.String()),
  truncated: Type.Optional(Type.Array(Type.String())),
  warnings: Type.Optional(warningsSchema),
})
export type SendAnswer = Static<typeof sendAnswerSchema>

/** The same before its warnings are put into words. */
export type SubmitResult = Omit<SendAnswer, 'warnings'> & {
  warnings?: readonly CardWarning[]
  /** To how many persons a message of a type goes, as the first answer to its request said. */
  accepted?: number
  /** It was accepted to leave later, as the first answer to its request said. */
  isWaiting?: boolean
}

export function sendAnswerIn(
  language: Language,
  { warnings, isWaiting: _waits, ...answer }: SubmitResult,
): SendAnswer {
  return { ...answer, ...warningsIn(language, warnings) }
}
