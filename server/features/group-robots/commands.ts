import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, givenOnly } from '../../platform/command/command.ts'
import {
  choice,
  list,
  optionalSwitch,
  requiredSecret,
  requiredText,
  secret,
  text,
} from '../../platform/command/parts.ts'
import { table } from '../../platform/command/text.ts'
import { robotVendorWords } from '../channels/robot/reasons.ts'
import { keptReason, toldIn } from '../channels/telling.ts'
import { viewOf } from './robot-view.ts'
import {
  addRobot,
  type RobotNeeds,
  removeRobot,
  robotOf,
  robotsOf,
  robotVendorNames,
  setRobot,
  testRobot,
} from './robots.ts'

const id = requiredText('<id>', '群机器人 id')
const open = {
  secret: secret('--secret <secret>', '签名密钥（钉钉、飞书）；"" 去掉'),
  givesMobiles: optionalSwitch('--gives-mobiles [on|off]', '钉钉：提及成员时把手机号交给钉钉，默认否'),
  devIds: list('--developers <list>', '可以使用它的开发者，逗号分隔；"" 清空'),
}

const listCommand = command({
  path: 'message robot list',
  point: 'message:read',
  summary: '列出群机器人',
  parts: { corp: corpPart },
  async run(ctx: RobotNeeds, { corp }) {
    const data = [...robotsOf(ctx, corpOf(ctx, corp)).values()].map(viewOf)
    const rows = data.map(one => [
      one.id,
      one.name,
      robotVendorWords[one.vendor].zh,
      one.hasSecret ? '有' : '',
      one.devIds.map(devId => ctx.developers.get(devId)?.name ?? devId).join('、'),
    ])
    return {
      data,
      text: table(['id', '名称', '服务商', '签名密钥', '可以使用的开发者'], rows, '没有群机器人'),
    }
  },
})

const add = command({
  path: 'message robot add',
  point: 'message:settings',
  summary: '添加群机器人，地址从群的设置中复制',
  parts: {
    vendor: choice('--vendor <vendor>', '服务商：wecom、dingtalk 或 feishu，默认 wecom', robotVendorNames),
    name: requiredText('<name>', '名称'),
    address: requiredSecret('--address <url>', '群机器人的地址'),
    corp: corpPart,
    ...open,
  },
  async run(ctx: RobotNeeds, { vendor = 'wecom', corp, name, address, ...given }) {
    const corpId = corpOf(ctx, corp)
    const made = await addRobot(ctx, actor, corpId, { ...givenOnly(given), name, address, vendor })
    return { data: viewOf(robotOf(ctx, corpId, made)), text: `已添加，toRobot 为 ${made}` }
  },
})

const set = command({
  path: 'message robot set',
  point: 'message:settings',
  summary: '修改群机器人；只给出要修改的项',
  parts: {
    id,
    name: text('--name <name>', '名称'),
    address: secret('--address <url>', '群机器人的地址'),
    corp: corpPart,
    ...open,
  },
  async run(ctx: RobotNeeds, { id: named, corp, ...given }) {
    const corpId = corpOf(ctx, corp)
    await setRobot(ctx, actor, corpId, named, givenOnly(given))
    return { data: viewOf(robotOf(ctx, corpId, named)), text: '已保存' }
  },
})

const remove = command({
  path: 'message robot remove',
  point: 'message:settings',
  summary: '删除群机器人；已接受而未发出的消息不再发出',
  parts: { id, corp: corpPart },
  async run(ctx: RobotNeeds, { id: named, corp }) {
    await removeRobot(ctx, actor, corpOf(ctx, corp), named)
    return { data: { id: named }, text: '已删除' }
  },
})

const test = command({
  path: 'message robot test',
  point: 'message:settings',
  summary: '向群机器人的群发一条测试消息',
  parts: { id, corp: corpPart },
  async run(ctx: RobotNeeds, { id: named, corp }) {
    const outcome = await testRobot(ctx, actor, corpOf(ctx, corp), named)
    if (outcome.kind === 'sent') return { data: { isSent: true }, text: '已发出' }
    const answer = toldIn('zh', keptReason(outcome.reason))
    return { data: { isSent: false, answer }, text: `没有发出：${answer}` }
  },
})

export const robotCommands = [listCommand, add, set, remove, test]
