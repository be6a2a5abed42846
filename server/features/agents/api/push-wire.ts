import { Type } from 'typebox'
import type { XmlElement } from '../../../upstream/transport/xml.ts'
import type { AgentPush } from '../../../upstream/wecom/agent-push.ts'

/** A push as developers get it. */
export const pushSchema = Type.Object({
  id: Type.Integer({ about: { zh: '编号，重放时不变', en: 'Number; the same when it is replayed' } }),
  agentId: Type.Integer({ about: { zh: '企业微信应用的 AgentId', en: 'AgentId of the WeCom application' } }),
  type: Type.String({
    about: { zh: '消息的 MsgType；事件的 Event', en: 'MsgType of a message; Event of an event' },
  }),
  userId: Type.String({
    about: { zh: '谁；企业微信自己的事件为空', en: 'Who did it; empty for events of WeCom itself' },
  }),
  userName: Type.String({
    about: { zh: '姓名；不在通讯录中时为空', en: 'Name; empty for who is not in the address book' },
  }),
  at: Type.String({ about: { zh: '企业微信给出的时间', en: 'The time that WeCom gave' } }),
  fields: Type.Unknown({
    about: {
      zh: '推送的全部字段，名称同企业微信；数字为字符串',
      en: 'All fields of the push, named as by WeCom; numbers are strings',
    },
  }),
})

const sampleHead = {
  id: 42,
  agentId: 1000002,
  userId: 'zhangsan',
  userName: '张三',
  at: '2026-11-29T02:00:00.000Z',
}

export const sampleMessage = {
  ...sampleHead,
  type: 'text',
  fields: {
    ToUserName: 'wwb1d5c0ffee123456',
    FromUserName: 'zhangsan',
    CreateTime: '1795917600',
    MsgType: 'text',
    Content: '年假还有几天？',
    MsgId: '7286000000000000001',
    AgentID: '1000002',
  },
}

export const sampleEvent = {
  ...sampleHead,
  type: 'click',
  fields: {
    ToUserName: 'wwb1d5c0ffee123456',
    FromUserName: 'zhangsan',
    CreateTime: '1795917600',
    MsgType: 'event',
    Event: 'click',
    EventKey: 'MY_LEAVE',
    AgentID: '1000002',
  },
}

export function pushWire(
  { id, agentId }: { id: number; agentId: number },
  push: AgentPush,
  member: { userId: string; userName: string },
) {
  return {
    id,
    agentId,
    type: push.event ?? push.msgType,
    ...member,
    at: new Date(push.createTime * 1000).toISOString(),
    fields: push.fields as XmlElement,
  }
}

const locating = new Set(['location', 'LOCATION', 'location_select'])

/** Whether a push says where somebody is. */
export function isLocation({ event, msgType }: Pick<AgentPush, 'event' | 'msgType'>): boolean {
  return locating.has(event ?? msgType)
}
