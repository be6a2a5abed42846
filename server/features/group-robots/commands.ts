import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, givenOnly } from '../../platform/command/command.ts'
import { comma, commandLanguage, said } from '../../platform/command/language.ts'
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

const id = requiredText('<id>', { zh: '群机器人 id', en: 'group robot id' })
const open = {
  secret: secret('--secret <secret>', {
    zh: '签名密钥（钉钉、飞书）；"" 去掉',
    en: 'signing secret (DingTalk, Feishu); "" takes it away',
  }),
  givesMobiles: optionalSwitch('--gives-mobiles [on|off]', {
    zh: '钉钉：提及成员时把手机号交给钉钉，默认否',
    en: 'DingTalk: whether mobile numbers are given to DingTalk to mention members, no by default',
  }),
  devIds: list('--developers <list>', {
    zh: '可以使用它的开发者，逗号分隔；"" 清空',
    en: 'developers that may use it, separated by commas; "" clears it',
  }),
}

const listCommand = command({
  path: 'message robot list',
  point: 'message:read',
  summary: { zh: '列出群机器人', en: 'List group robots' },
  parts: { corp: corpPart },
  async run(ctx: RobotNeeds, { corp }) {
    const data = [...robotsOf(ctx, corpOf(ctx, corp)).values()].map(viewOf)
    const rows = data.map(one => [
      one.id,
      one.name,
      said(robotVendorWords[one.vendor]),
      one.hasSecret ? said({ zh: '有', en: 'yes' }) : '',
      one.devIds.map(devId => ctx.developers.get(devId)?.name ?? devId).join(said(comma)),
    ])
    return {
      data,
      text: table(
        [
          'id',
          { zh: '名称', en: 'Name' },
          { zh: '服务商', en: 'Vendor' },
          { zh: '签名密钥', en: 'Signing secret' },
          { zh: '可以使用的开发者', en: 'Developers that may use it' },
        ],
        rows,
        { zh: '没有群机器人', en: 'no group robots' },
      ),
    }
  },
})

const add = command({
  path: 'message robot add',
  point: 'message:settings',
  summary: {
    zh: '添加群机器人，地址从群的设置中复制',
    en: 'Add a group robot; copy its address from the settings of the group',
  },
  parts: {
    vendor: choice(
      '--vendor <vendor>',
      {
        zh: '服务商：wecom、dingtalk 或 feishu，默认 wecom',
        en: 'vendor: wecom, dingtalk or feishu, wecom by default',
      },
      robotVendorNames,
    ),
    name: requiredText('<name>', { zh: '名称', en: 'name' }),
    address: requiredSecret('--address <url>', { zh: '群机器人的地址', en: 'address of the group robot' }),
    corp: corpPart,
    ...open,
  },
  async run(ctx: RobotNeeds, { vendor = 'wecom', corp, name, address, ...given }) {
    const corpId = corpOf(ctx, corp)
    const made = await addRobot(ctx, actor, corpId, { ...givenOnly(given), name, address, vendor })
    return {
      data: viewOf(robotOf(ctx, corpId, made)),
      text: said({ zh: `已添加，toRobot 为 ${made}`, en: `added; toRobot is ${made}` }),
    }
  },
})

const set = command({
  path: 'message robot set',
  point: 'message:settings',
  summary: { zh: '修改群机器人；只给出要修改的项', en: 'Change a group robot; give only what is to change' },
  parts: {
    id,
    name: text('--name <name>', { zh: '名称', en: 'name' }),
    address: secret('--address <url>', { zh: '群机器人的地址', en: 'address of the group robot' }),
    corp: corpPart,
    ...open,
  },
  async run(ctx: RobotNeeds, { id: named, corp, ...given }) {
    const corpId = corpOf(ctx, corp)
    await setRobot(ctx, actor, corpId, named, givenOnly(given))
    return { data: viewOf(robotOf(ctx, corpId, named)), text: said({ zh: '已保存', en: 'saved' }) }
  },
})

const remove = command({
  path: 'message robot remove',
  point: 'message:settings',
  summary: {
    zh: '删除群机器人；已接受而未发出的消息不再发出',
    en: 'Delete a group robot; accepted messages that were not sent yet are not sent',
  },
  parts: { id, corp: corpPart },
  async run(ctx: RobotNeeds, { id: named, corp }) {
    await removeRobot(ctx, actor, corpOf(ctx, corp), named)
    return { data: { id: named }, text: said({ zh: '已删除', en: 'deleted' }) }
  },
})

const test = command({
  path: 'message robot test',
  point: 'message:settings',
  summary: { zh: '向群机器人的群发一条测试消息', en: 'Send a test message to the group of a group robot' },
  parts: { id, corp: corpPart },
  async run(ctx: RobotNeeds, { id: named, corp }) {
    const outcome = await testRobot(ctx, actor, corpOf(ctx, corp), named)
    if (outcome.kind === 'sent') return { data: { isSent: true }, text: said({ zh: '已发出', en: 'sent' }) }
    const answer = toldIn(commandLanguage(), keptReason(outcome.reason))
    return {
      data: { isSent: false, answer },
      text: said({ zh: `没有发出：${answer}`, en: `not sent: ${answer}` }),
    }
  },
})

export const robotCommands = [listCommand, add, set, remove, test]
