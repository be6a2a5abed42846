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
export type SendAnswer = {
  msgId: string
  status: 'sent' | 'queued' | 'failed' | 'unknown'
  invaliduser: string
  invalidparty: string
  invalidtag: string
  truncated?: string[]
}
