import type { EventData } from '../generated/events.ts'

type Event<Type extends string, Data> = {
  type: Type
  /** 发生的时间，ISO 8601。· Time of the event in ISO 8601. */
  timestamp: string
  /** `seq` 是企业内的序号，与变更流相同。· `seq`: number in the corp's feed, the same as in the change feed. */
  data: { corpId: string; seq: number } & Data
}

/** 推送与事件流的事件；可能有比 SDK 新的类型，请保留 default 分支。· An event of webhooks and of the stream. Types newer than the SDK occur too: keep a default branch. */
export type WispEvent = { [Type in keyof EventData]: Event<Type, EventData[Type]> }[keyof EventData]
