/** What GET /_sandbox/messages lists: everything that a person got, or that the sandbox swallowed as WeCom does. */
export type Entry = WecomEntry | SmsEntry | MailEntry
export type Channel = Entry['channel']
export const channels = ['wecom', 'sms', 'mail'] as const satisfies Channel[]

interface Common {
  /** Increasing by one, from 1 since the last reset. */
  n: number
  /** ISO 8601. */
  at: string
}

export interface WecomEntry extends Common {
  channel: 'wecom'
  agentId: number
  msgId: string
  /** The members that got it, departments, tags and @all expanded. */
  to: string[]
  dropped: { userid: string; reason: DropReason }[]
  /** It was sent to @all. */
  all: boolean
  msgtype: string
  /** The object under the msgtype as WeCom shows it: cut, defaults filled in. */
  content: Record<string, unknown>
  /** The duplicate check swallowed it; nobody got it, and msgId is that of the first one. */
  deduplicated?: true
  recalledAt?: string
}

export type DropReason = 'perMemberMinute' | 'perMemberHour'

export interface SmsEntry extends Common {
  channel: 'sms'
  vendor: 'tencent' | 'aliyun'
  /** E.164. */
  phone: string
  /** Whose mobile it was. */
  userid?: string
  signName: string
  templateId: string
  /** Values in the order of the template's placeholders. */
  params: string[]
  /** As the phone shows it. */
  text: string
  /** Tencent's SerialNo, Aliyun's BizId. */
  serial: string
  state: 'delivered' | 'failed'
  /** Why the carrier did not deliver it. */
  reason?: string
  /** SessionContext, or OutId. */
  context: string
}

export interface MailEntry extends Common {
  channel: 'mail'
  /** The envelope's addresses. */
  from: string
  /** As the From header calls the sender. */
  fromName: string
  to: string[]
  /** Whose addresses they were. */
  userids: string[]
  subject: string
  html: string
  text: string
  messageId: string
  headers: { key: string; value: string }[]
  attachments: { filename: string | null; mimeType: string; size: number }[]
}

export type New<T extends Entry> = T extends Entry ? Omit<T, 'n' | 'at'> : never

/** Whom a message concerns: a member by slot, a number or an address as text. */
export type Key = number | string

/** A message as the journal keeps it. `keys` are those that may look it up; `audience` names a long list of receivers that
 * other messages share. */
export interface StoredMessage {
  message: Entry
  keys: Key[]
  audience?: number
  /** The duplicate check's key and, in ms, until when it holds. */
  check?: { key: string; until: number }
}

/** Receivers of a message to many, kept once however often they get one. */
export interface StoredAudience {
  audience: number
  slots: number[]
  userids: string[]
}
