import { type Static, Type } from 'typebox'
import type { ReceiverInput } from '../../../organisation/directory/read/audience.ts'
import type { ChannelName } from '../channels/channels.ts'

export type Submission = {
  channel: ChannelName
  receivers: ReceiverInput
  content: object
  truncated: string[]
  agentName: string
  agentId: string | undefined
  templateId: string | undefined
  requestId: string | undefined
  /** Recorded with the message when an administrator sends it. */
  actor?: string
}

/**
 * The answer to a send (docs/interface/messages.md#sending-a-message). Invalid ids are joined by `|`, in the caller's spelling.
 */
export const sendAnswerSchema = Type.Object({
  msgId: Type.String(),
  status: Type.Enum(['failed', 'unknown', 'sent', 'queued']),
  invaliduser: Type.String(),
  invalidparty: Type.String(),
  invalidtag: Type.String(),
  truncated: Type.Optional(Type.Array(Type.String())),
})
export type SendAnswer = Static<typeof sendAnswerSchema>
