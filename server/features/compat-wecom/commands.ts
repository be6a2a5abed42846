import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { command } from '../../platform/command/command.ts'
import { requiredText, text, toggle } from '../../platform/command/parts.ts'
import { facts, table, when } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Apps } from '../apps/catalog.ts'
import { type CompatView, compatOf } from './overview.ts'
import { revokeCompatSecret, rotateCompatSecret } from './secrets/change-secrets.ts'

type Needs = Core & { apps: Apps; corps: Corps; developers: Developers; offered: FeatureOffers }

const devId = requiredText('<devId>', '开发者 devId')

const show = command({
  path: 'developer compat show',
  point: 'developer:read',
  summary: '旧系统按企业微信接口发消息时填写的地址、corpid、agentid，以及有效的兼容密钥',
  parts: { devId },
  async run(ctx: Needs, { devId }) {
    const view = await compatOf(ctx, devId)
    const rows = view.secrets.map(one => [one.id, when(one.createdAt), when(one.lastUsedAt, '从未')])
    const secrets = table(['密钥编号', '创建于', '最近换取 access_token'], rows, '（没有有效的兼容密钥）')
    return { data: view, text: `${describe(view)}\n\n${secrets}` }
  },
})

const rotate = command({
  path: 'developer compat rotate',
  point: 'developer:secret',
  summary: '再给一个兼容密钥（只显示这一次）；旧的继续有效，至多两个',
  details: '不中断地更换: developer compat rotate → 旧系统换上新的 corpsecret → developer compat revoke。',
  parts: { devId, revoke: toggle('--revoke', '立即吊销旧的兼容密钥及其 access_token') },
  async run(ctx: Needs, { devId, revoke }) {
    const made = await rotateCompatSecret(ctx, actor, devId, revoke)
    const view = await compatOf(ctx, devId)
    const { base, corpid } = view
    const secret = facts([['corpsecret', made.corpsecret]])
    return {
      data: { devId, base, corpid, ...made },
      text: `${describe(view)}\n${secret}\n请立即保存 corpsecret，它不会再次显示`,
    }
  },
})

const revoke = command({
  path: 'developer compat revoke',
  point: 'developer:secret',
  summary: '吊销一个兼容密钥及其 access_token；不写 --secret 时为两个中较旧的',
  parts: { devId, secret: text('--secret <id>', '密钥编号，见 developer compat show') },
  async run(ctx: Needs, { devId, secret }) {
    await revokeCompatSecret(ctx, actor, devId, secret)
    return { data: { devId, revoked: 1 }, text: '已吊销' }
  },
})

function describe({ isOn, base, corpid, agents }: CompatView): string {
  return facts([
    ['状态', isOn ? '已开启' : '本企业没有开启（wisp feature on compat-wecom）'],
    ['地址', base],
    ['corpid', corpid],
    [
      'agentid',
      agents.map(one => `${one.agentid}（${one.name}）`).join('、') || '无：开发者没有关联企业微信应用的应用',
    ],
  ])
}

export const compatCommands = [show, rotate, revoke]
