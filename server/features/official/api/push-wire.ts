import { parsePush } from '../../../upstream/official/push.ts'

/** A stored push as developers get it. */
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
