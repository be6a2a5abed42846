import type { EventData } from '../generated/events.ts'

type Event<Type extends string, Data> = {
  type: Type
  /** When it happened, in ISO 8601. */
  timestamp: string
  /** `seq` is the number in the corp's one feed, that of the change feed too. */
  data: { corpId: string; seq: number } & Data
}

/** What is told by webhooks and by the stream. Types that are newer than the SDK come as well: leave a default. */
export type WispEvent = { [Type in keyof EventData]: Event<Type, EventData[Type]> }[keyof EventData]
