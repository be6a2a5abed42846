import { type Static, Type } from 'typebox'
import type { ChannelName } from '../store.ts'
import type { ReceiverInput } from './audience.ts'
import type { Content } from './content.ts'

export type Submission = {
  channel: ChannelName
  receivers: ReceiverInput
  content: Content
  truncated: string[]
  agentName: string
  agentId: string | undefined
  templateId: string | undefined
  requestId: string | undefined
  /** The administrator who sends it: written down with the message. */
  actor?: string
}

/** What a send answers (seed 5.1, 5.2). Invalid ones joined by `|`, in the caller's own spelling. */
export const sendAnswerSchema = Type.Object({
  msgId: Type.String(),
  status: Type.Enum(['failed', 'unknown', 'sent', 'queued']),
  invaliduser: Type.String(),
  invalidparty: Type.String(),
  invalidtag: Type.String(),
  truncated: Type.Optional(Type.Array(Type.String())),
})
export type SendAnswer = Static<typeof sendAnswerSchema>
