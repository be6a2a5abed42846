import { Type } from 'typebox'
import { choice, flag, optionalText, text, texts } from '../../platform/http/input.ts'
import { onPage, paging } from '../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import { languageOf } from '../../platform/words.ts'
import { keptReason, toldIn } from '../channels/telling.ts'
import { robotSchema, viewOf } from './robot-view.ts'
import {
  addRobot,
  type RobotNeeds,
  removeRobot,
  robotsOf,
  robotVendorNames,
  robotVersion,
  setRobot,
  testRobot,
} from './robots.ts'

export const listRobots = pageCall({
  method: 'GET',
  path: '/web/messages/robots',
  access: administrator('super'),
  point: 'message:read',
  input: { ...paging },
  output: Type.Object({
    list: Type.Array(Type.Object({ ...robotSchema.properties, version: Type.String() })),
    total: Type.Number(),
    developers: Type.Array(Type.Object({ devId: Type.String(), name: Type.String() })),
  }),
  async handle(ctx: RobotNeeds, { input, corpId }) {
    const robots = [...robotsOf(ctx, corpId).values()]
    const developers = ctx.developers.all().filter(one => one.corpId === corpId)
    return {
      list: onPage(robots, input).map(one => ({ ...viewOf(one), version: robotVersion(one) })),
      total: robots.length,
      developers: developers.map(({ devId, name }) => ({ devId, name })),
    }
  },
})

const id = text('群机器人 id', { max: 64 })

export const saveRobot = pageCall({
  method: 'POST',
  path: '/web/messages/robots/save',
  access: administrator('super'),
  point: 'message:settings',
  input: {
    id: optionalText('群机器人 id；空为新建', { max: 64 }),
    version: optionalText('打开表单时的 version', { max: 64 }),
    name: text('名称', { max: 64 }),
    vendor: choice('服务商，新建后不变', robotVendorNames),
    address: optionalText('地址；修改时空为不变', { max: 500 }),
    secret: optionalText('签名密钥；空为不变', { max: 200 }),
    withoutSecret: flag('去掉签名密钥'),
    givesMobiles: flag('钉钉：提及成员时给出手机号'),
    devIds: texts('可以使用它的开发者', { max: 200, length: 64 }),
  },
  output: Type.Object({ id: Type.String() }),
  outgoing: true,
  async handle(ctx: RobotNeeds, { input, visitor: { actor }, corpId }) {
    const { id: known, version, vendor, address, secret, withoutSecret, ...given } = input
    const change = {
      ...given,
      ...(address ? { address } : {}),
      ...(withoutSecret ? { secret: '' } : secret ? { secret } : {}),
    }
    if (!known)
      return { id: await addRobot(ctx, actor, corpId, { ...change, vendor, address: address ?? '' }) }
    await setRobot(ctx, actor, corpId, known, change, version)
    return { id: known }
  },
})

export const removeRobotCall = pageCall({
  method: 'POST',
  path: '/web/messages/robots/remove',
  access: administrator('super'),
  point: 'message:settings',
  input: { id },
  output: Type.Object({}),
  async handle(ctx: RobotNeeds, { input, visitor, corpId }) {
    await removeRobot(ctx, visitor.actor, corpId, input.id)
    return {}
  },
})

export const testRobotCall = pageCall({
  method: 'POST',
  path: '/web/messages/robots/test',
  access: administrator('super'),
  point: 'message:settings',
  input: { id },
  output: Type.Object({ isSent: Type.Boolean(), answer: Type.String() }),
  outgoing: true,
  async handle(ctx: RobotNeeds, { input, visitor, corpId, request }) {
    const outcome = await testRobot(ctx, visitor.actor, corpId, input.id)
    const language = languageOf(request.headers['accept-language'])
    if (outcome.kind === 'sent') return { isSent: true, answer: '' }
    return { isSent: false, answer: toldIn(language, keptReason(outcome.reason)) }
  },
})
