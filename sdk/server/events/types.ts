import type { TagWithIds } from '../changes.ts'
import type {
  Bill,
  Department,
  MemberWithDepartments,
  MessageStatusOutput,
  OfficialEvent,
} from '../generated/api.ts'

type Event<Type extends string, Data> = {
  type: Type
  /** When it happened, in ISO 8601. */
  timestamp: string
  /** `seq` is the number in the corp's one feed, that of the change feed too. */
  data: { corpId: string; seq: number } & Data
}

type Put<Kind extends string, Value> = Event<`directory.${Kind}.put`, { id: string; value: Value }>
type Drop<Kind extends string> = Event<`directory.${Kind}.drop`, { id: string }>

/** What is told by webhooks and by the stream. Types that are newer than the SDK come as well: leave a default. */
export type WispEvent =
  | Put<'member', MemberWithDepartments>
  | Event<'directory.member.rename', { id: string; oldId: string; value: MemberWithDepartments }>
  | Drop<'member'>
  | Put<'department', Department>
  | Drop<'department'>
  | Put<'tag', TagWithIds>
  | Drop<'tag'>
  /** Events may have been missed: read everything again. */
  | Event<'directory.resync', { reason: string }>
  /** Each time a part of a message ended, so perhaps several times; the last one has its final state. */
  | Event<'message.result', MessageStatusOutput & { requestId: string }>
  | Event<'official.event', OfficialEvent>
  | Event<'bill.paid' | 'bill.closed' | 'bill.refunded' | 'bill.refund_failed', Bill>
  | Event<'webhook.test', { webhookId: string; message: string }>
