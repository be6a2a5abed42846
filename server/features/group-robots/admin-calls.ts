import { Type } from 'typebox'
import { adminCall } from '../../platform/http/admin/admin-call.ts'
import { choice, structured, text } from '../../platform/http/input.ts'
import { robotSchema, robotShape, sampleRobot, viewOf } from './robot-view.ts'
import {
  addRobot,
  type RobotNeeds,
  removeRobot,
  robotOf,
  robotsOf,
  robotVendorNames,
  setRobot,
} from './robots.ts'

const id = text({ zh: '群机器人 id', en: 'Id of the group robot' }, { max: 64 })

const open = {
  name: robotShape.name,
  address: Type.String({
    maxLength: 500,
    about: {
      zh: '群机器人的地址，含密钥；不再显示',
      en: 'Address of the group robot with its key; it is not shown again',
    },
  }),
  secret: Type.String({
    maxLength: 200,
    about: {
      zh: '签名密钥，钉钉和飞书；"" 去掉；不再显示',
      en: 'Secret by which calls are signed, DingTalk and Feishu; "" takes it away; it is not shown again',
    },
  }),
  givesMobiles: robotShape.givesMobiles,
  devIds: robotShape.devIds,
}
const changeShape = Type.Partial(Type.Object(open), { additionalProperties: false })

const newShape = Type.Object(
  {
    name: open.name,
    address: open.address,
    secret: Type.Optional(open.secret),
    givesMobiles: Type.Optional(open.givesMobiles),
    devIds: Type.Optional(open.devIds),
  },
  { additionalProperties: false },
)

export const adminRobots = adminCall({
  method: 'GET',
  path: '/api/admin/groupRobots',
  summary: { zh: '列出群机器人', en: 'List group robots' },
  scope: 'admin:read',
  point: 'message:read',
  reach: 'corp',
  input: {},
  output: Type.Object({ list: Type.Array(robotSchema) }),
  errors: [],
  sample: { list: [sampleRobot] },
  handle: async (ctx: RobotNeeds, { corpId }) => ({
    list: [...robotsOf(ctx, corpId).values()].map(viewOf),
  }),
})

export const adminAddRobot = adminCall({
  method: 'POST',
  path: '/api/admin/groupRobot/add',
  summary: { zh: '添加群机器人', en: 'Add a group robot' },
  scope: 'admin:apps',
  point: 'message:settings',
  reach: 'corp',
  outgoing: true,
  input: {
    vendor: choice({ zh: 'wecom、dingtalk 或 feishu', en: 'wecom, dingtalk or feishu' }, robotVendorNames),
    robot: structured(
      { zh: '名称与地址，以及其他项', en: 'Name and address, and what else there is' },
      newShape,
    ),
  },
  output: robotSchema,
  errors: [],
  sample: sampleRobot,
  sampleInput: {
    vendor: 'wecom',
    robot: { name: '机房值班群', address: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={unique}' },
  },
  async handle(ctx: RobotNeeds, { corpId, input: { vendor, robot }, caller }) {
    const made = await addRobot(ctx, caller.actor, corpId, { ...robot, vendor })
    return viewOf(robotOf(ctx, corpId, made))
  },
})

export const adminSetRobot = adminCall({
  method: 'POST',
  path: '/api/admin/groupRobot/set',
  summary: { zh: '修改群机器人', en: 'Change a group robot' },
  description: { zh: '只写要修改的项。', en: 'Give what changes.' },
  scope: 'admin:apps',
  point: 'message:settings',
  reach: 'corp',
  outgoing: true,
  input: { id, robot: structured({ zh: '要修改的项', en: 'What changes' }, changeShape) },
  output: robotSchema,
  errors: [],
  sample: sampleRobot,
  sampleInput: { id: sampleRobot.id, robot: { name: '机房值班群' } },
  async handle(ctx: RobotNeeds, { corpId, input, caller }) {
    await setRobot(ctx, caller.actor, corpId, input.id, input.robot)
    return viewOf(robotOf(ctx, corpId, input.id))
  },
})

export const adminRemoveRobot = adminCall({
  method: 'POST',
  path: '/api/admin/groupRobot/remove',
  summary: { zh: '删除群机器人', en: 'Delete a group robot' },
  scope: 'admin:apps',
  point: 'message:settings',
  reach: 'corp',
  input: { id },
  output: Type.Object({ id: robotShape.id }),
  errors: [],
  sample: { id: sampleRobot.id },
  sampleInput: { id: sampleRobot.id },
  async handle(ctx: RobotNeeds, { corpId, input, caller }) {
    await removeRobot(ctx, caller.actor, corpId, input.id)
    return { id: input.id }
  },
})
