import { Type } from 'typebox'
import { parsePush } from '../../../upstream/official/push.ts'

/** A push as developers get it. */
export const pushSchema = Type.Object({
  id: Type.Integer({ about: { zh: '编号', en: 'Number' } }),
  originalId: Type.String({ about: { zh: '公众号', en: 'Official account' } }),
  type: Type.String({
    about: { zh: '消息的 MsgType；事件的 Event', en: 'MsgType of a message; Event of an event' },
  }),
  openid: Type.String({ about: { zh: '粉丝的 openid', en: 'openid of the follower' } }),
  at: Type.String({ about: { zh: '微信给出的时间', en: 'The time that WeChat gave' } }),
  fields: Type.Unknown({
    about: {
      zh: '推送的全部字段，名称同微信；数字为字符串',
      en: 'All fields of the push, named as by WeChat; numbers are strings',
    },
  }),
})

export const samplePush = {
  id: 42,
  originalId: 'gh_3c884a361561',
  type: 'text',
  openid: 'oLVPpjqs9BhvzwPj5A-vTYAX3GLc',
  at: '2026-11-25T02:00:00.000Z',
  fields: { MsgType: 'text', Content: '你好', MsgId: '23483901923801238' },
}

/** A stored push in that form. */
export function pushWire(id: number, plain: string) {
  const push = parsePush(plain)
  return {
    id,
    originalId: push.toUserName,
    type: push.event ?? push.msgType,
    openid: push.fromUserName,
    at: new Date(push.createTime * 1000).toISOString(),
    fields: push.fields,
  }
}
