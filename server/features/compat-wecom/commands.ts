import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { actor } from '../../platform/command/actor.ts'
import { command } from '../../platform/command/command.ts'
import { comma, said } from '../../platform/command/language.ts'
import { requiredText, text, toggle } from '../../platform/command/parts.ts'
import { facts, table, when } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Apps } from '../apps/catalog.ts'
import { type CompatView, compatOf } from './overview.ts'
import { revokeCompatSecret, rotateCompatSecret } from './secrets/change-secrets.ts'

type Needs = Core & { apps: Apps; corps: Corps; developers: Developers; offered: FeatureOffers }

const devId = requiredText('<devId>', { zh: '开发者 devId', en: 'devId of the developer' })

const show = command({
  path: 'developer compat show',
  point: 'developer:read',
  summary: {
    zh: '旧系统按企业微信接口发消息时填写的地址、corpid、agentid，以及有效的兼容密钥',
    en: 'Show address, corpid and agentid that old systems enter to send messages by the WeCom API, and the valid compatibility secrets',
  },
  parts: { devId },
  async run(ctx: Needs, { devId }) {
    const view = await compatOf(ctx, devId)
    const rows = view.secrets.map(one => [
      one.id,
      when(one.createdAt),
      when(one.lastUsedAt, said({ zh: '从未', en: 'never' })),
    ])
    const secrets = table(
      [
        { zh: '密钥编号', en: 'Secret ID' },
        { zh: '创建于', en: 'Created' },
        { zh: '最近换取 access_token', en: 'Last access_token' },
      ],
      rows,
      { zh: '（没有有效的兼容密钥）', en: '(no valid compatibility secrets)' },
    )
    return { data: view, text: `${describe(view)}\n\n${secrets}` }
  },
})

const rotate = command({
  path: 'developer compat rotate',
  point: 'developer:secret',
  summary: {
    zh: '再给一个兼容密钥（只显示这一次）；旧的继续有效，至多两个',
    en: 'Add a compatibility secret, shown only this once; the old one stays valid, and at most two are',
  },
  details: {
    zh: '不中断地更换: developer compat rotate → 旧系统换上新的 corpsecret → developer compat revoke。',
    en: 'To replace it without interruption: developer compat rotate, give the old system the new corpsecret, then developer compat revoke.',
  },
  parts: {
    devId,
    revoke: toggle('--revoke', {
      zh: '立即吊销旧的兼容密钥及其 access_token',
      en: 'revoke the old compatibility secrets and their access_tokens at once',
    }),
  },
  async run(ctx: Needs, { devId, revoke }) {
    const made = await rotateCompatSecret(ctx, actor, devId, revoke)
    const view = await compatOf(ctx, devId)
    const { base, corpid } = view
    const secret = facts([['corpsecret', made.corpsecret]])
    return {
      data: { devId, base, corpid, ...made },
      text: said({
        zh: `${describe(view)}\n${secret}\n请立即保存 corpsecret，它不会再次显示`,
        en: `${describe(view)}\n${secret}\nSave the corpsecret now: it is not shown again`,
      }),
    }
  },
})

const revoke = command({
  path: 'developer compat revoke',
  point: 'developer:secret',
  summary: {
    zh: '吊销一个兼容密钥及其 access_token；不写 --secret 时为两个中较旧的',
    en: 'Revoke a compatibility secret and its access_tokens; without --secret the older of two',
  },
  parts: {
    devId,
    secret: text('--secret <id>', {
      zh: '密钥编号，见 developer compat show',
      en: 'ID of the secret, see developer compat show',
    }),
  },
  async run(ctx: Needs, { devId, secret }) {
    await revokeCompatSecret(ctx, actor, devId, secret)
    return { data: { devId, revoked: 1 }, text: said({ zh: '已吊销', en: 'revoked' }) }
  },
})

function describe({ isOn, base, corpid, agents }: CompatView): string {
  return facts([
    [
      { zh: '状态', en: 'State' },
      isOn
        ? { zh: '已开启', en: 'on' }
        : {
            zh: '本企业没有开启（wisp feature on compat-wecom）',
            en: 'off in this corp (wisp feature on compat-wecom)',
          },
    ],
    [{ zh: '地址', en: 'Address' }, base],
    ['corpid', corpid],
    [
      'agentid',
      agents
        .map(one => said({ zh: `${one.agentid}（${one.name}）`, en: `${one.agentid} (${one.name})` }))
        .join(said(comma)) ||
        said({
          zh: '无：开发者没有关联企业微信应用的应用',
          en: 'none: the developer has no app that is linked to a WeCom app',
        }),
    ],
  ])
}

export const compatCommands = [show, rotate, revoke]
