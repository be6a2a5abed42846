/**
 * An entry of GET /_sandbox/messages: a message that somebody received, or one that the sandbox accepted
 * without delivering it, as WeCom does.
 */
export type Entry = WecomEntry | SmsEntry | MailEntry
export type Channel = Entry['channel']
export const channels = ['wecom', 'sms', 'mail'] as const satisfies Channel[]

interface EntryBase {
  /** Counts up by one, from 1 after a reset. */
  n: number
  /** ISO 8601. */
  at: string
}

export interface WecomEntry extends EntryBase {
  channel: 'wecom'
  agentId: number
  msgId: string
  /** Set for what a member wrote to the agent: who. `to` is the same member, on whose phone it is seen. */
  from?: string
  /** It is the agent's answer to what the member did, and was not sent by message/send. */
  isReply?: true
  /** Set for what an application wrote into a group chat of its own. */
  chat?: { chatId: string; name: string }
  /** The members who received it, with departments, tags and @all expanded. */
  to: string[]
  dropped: { userid: string; reason: DropReason }[]
  /** The message was sent to @all. */
  all: boolean
  msgtype: string
  /** The object under the msgtype as WeCom displays it: texts are cut and defaults filled in. */
  content: Record<string, unknown>
  /** Set when the duplicate check found a repetition: nobody received it, and msgId is that of the first message. */
  deduplicated?: true
  recalledAt?: string
}

export type DropReason = 'perMemberMinute' | 'perMemberHour'

export interface SmsEntry extends EntryBase {
  channel: 'sms'
  /** The last three are gateways. */
  vendor: 'tencent' | 'aliyun' | 'huawei' | 'json' | 'mas' | 'xml'
  /** E.164. */
  phone: string
  /** The member whose mobile number it is. */
  userid?: string
  signName: string
  templateId: string
  /** Values in the order of the template's placeholders. */
  params: string[]
  /** The text as the phone displays it. */
  text: string
  /** Tencent's SerialNo, Aliyun's BizId. */
  serial: string
  state: 'delivered' | 'failed'
  /** The carrier's reason for not delivering it. */
  reason?: string
  /** SessionContext, or OutId. */
  context: string
}

export interface MailEntry extends EntryBase {
  channel: 'mail'
  /** The addresses of the SMTP envelope. */
  from: string
  /** The sender's name in the From header. */
  fromName: string
  to: string[]
  /** The members to whom these addresses belong. */
  userids: string[]
  subject: string
  html: string
  text: string
  messageId: string
  headers: { key: string; value: string }[]
  attachments: { filename: string | null; mimeType: string; size: number }[]
}

export type NewEntry<T extends Entry> = T extends Entry ? Omit<T, 'n' | 'at'> : never

/** A recipient by which messages are looked up: a member's slot, or a phone number or mail address as text. */
export type Key = number | string

/**
 * A message as the journal stores it. `keys` are the recipients by which it is looked up; `audience` refers
 * to a long list of receivers that several messages share.
 */
export interface StoredMessage {
  message: Entry
  keys: Key[]
  audience?: number
  /** The key of the duplicate check, and until when (in ms) it is valid. */
  check?: { key: string; until: number }
}

/** What the journal keeps of messages. */
export type StoredEntry = StoredMessage | StoredAudience | { recalled: number; at: string }

/** A long list of receivers, which is stored once however many messages go to it. */
export interface StoredAudience {
  audience: number
  slots: number[]
  userids: string[]
}
