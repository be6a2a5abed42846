import { readFile } from 'node:fs/promises'
import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import { examinedOutput } from '../../../organisation/corps/commands/secret-check.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../../organisation/directory/permissions/person.ts'
import { actor } from '../../../platform/command/actor.ts'
import {
  type CommandPart,
  command,
  directoryCommand,
  givenOnly,
  type Output,
  UsageError,
} from '../../../platform/command/command.ts'
import {
  choice,
  list,
  requiredSecret,
  requiredText,
  secret,
  text,
  toggle,
} from '../../../platform/command/parts.ts'
import { facts, table, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import { fileUses, storeFile } from '../../../platform/files/files.ts'
import { formatCount } from '../../../platform/format.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { kindNames } from '../accounts/abilities.ts'
import { type Accounts, accountKinds, callbackModes } from '../accounts/accounts.ts'
import {
  bindAccount,
  callbackSettings,
  grantAccount,
  removeAccount,
  setAccount,
  whatGoes,
} from '../accounts/bind.ts'
import { examineAccount } from '../accounts/doctor/doctor.ts'

type Needs = Core & { corps: Corps; accounts: Accounts; offered: FeatureOffers }

const originalId = requiredText('<originalId>', '公众号的原始 ID，gh_…')
const icon: CommandPart<string | undefined> = {
  ...text('--icon <file>', 'PNG、JPEG 或 WebP 图标，最多 1 MB；不给则按名称生成'),
  kind: 'file',
}
const settings = {
  kind: choice('--kind <kind>', '类型，默认 service（服务号）', accountKinds),
  verified: toggle('--verified', '已通过微信认证'),
  icon,
  mode: choice('--mode <mode>', '消息加解密方式，默认 secure', callbackModes),
  token: secret('--token <token>', '回调 Token，3 到 32 位字母或数字'),
  encodingAesKey: secret('--encoding-aes-key <key>', '回调 EncodingAESKey，43 位字母或数字'),
}

const add = command({
  path: 'official add',
  point: 'official:edit',
  summary: '绑定一个公众号或服务号，显示要填到微信公众平台的服务器配置；不询问微信，核对用 official doctor',
  details: '未给出 Token 与 EncodingAESKey 时自动生成。多个参数为 - 时，按本页列出的顺序各读一行。',
  parts: {
    corp: corpPart,
    name: requiredText('--name <text>', '公众号名称'),
    originalId: requiredText('--original-id <id>', '原始 ID，gh_…'),
    appId: requiredText('--app-id <id>', '开发者 ID（AppID）'),
    secret: requiredSecret('--secret <secret>', '开发者密码（AppSecret）'),
    ...settings,
  },
  async run(ctx: Needs, { corp, icon, kind, mode, token, encodingAesKey, ...given }) {
    const corpId = corpOf(ctx, corp)
    const chosen = givenOnly({ kind, mode, token, encodingAesKey })
    const iconHash = icon === undefined ? null : await storeIcon(ctx, corpId, icon)
    const account = await bindAccount(ctx, actor, corpId, { ...given, ...chosen, iconHash })
    const callback = callbackSettings(ctx, account)
    const text = `已绑定 ${account.name}（${account.originalId}）\n\n${callbackText(callback)}`
    return { data: { originalId: account.originalId, ...callback }, text }
  },
})

const listAccounts = command({
  path: 'official list',
  point: 'official:read',
  summary: '列出绑定的公众号和服务号',
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const accounts = ctx.accounts.ofCorp(corpOf(ctx, corp)).map(account => ({
      originalId: account.originalId,
      name: account.name,
      appId: account.appId,
      kind: account.kind,
      verified: account.verified,
      enabled: account.enabled,
      mode: account.mode,
      callbackVerifiedAt: account.callbackVerifiedAt,
    }))
    const rows = accounts.map(one => [
      one.originalId,
      one.name,
      one.appId,
      kindNames[one.kind].zh,
      one.verified ? '已认证' : '未认证',
      one.enabled ? '启用' : '停用',
      when(one.callbackVerifiedAt, '从未'),
    ])
    const heads = ['原始 ID', '名称', 'AppID', '类型', '微信认证', '状态', '回调验证']
    return { data: accounts, text: table(heads, rows, '还没有公众号，请执行 wisp official add') }
  },
})

const set = command({
  path: 'official set',
  point: 'official:edit',
  summary: '修改公众号的设置；停用的公众号不接收推送，也不发送',
  parts: {
    originalId,
    corp: corpPart,
    name: text('--name <text>', '公众号名称'),
    appId: text('--app-id <id>', '开发者 ID（AppID）'),
    secret: secret('--secret <secret>', '开发者密码（AppSecret）'),
    ...settings,
    unverified: toggle('--unverified', '没有微信认证'),
    removeIcon: toggle('--remove-icon', '去掉图标'),
    enable: toggle('--enable', '启用'),
    disable: toggle('--disable', '停用'),
  },
  async run(
    ctx: Needs,
    { originalId, corp, icon, verified, unverified, removeIcon, enable, disable, ...given },
  ) {
    exclude('--enable', enable, '--disable', disable)
    exclude('--verified', verified, '--unverified', unverified)
    exclude('--icon', icon !== undefined, '--remove-icon', removeIcon)
    const corpId = corpOf(ctx, corp)
    const change = givenOnly({
      ...given,
      verified: verified ? true : unverified ? false : undefined,
      enabled: enable ? true : disable ? false : undefined,
      iconHash: icon !== undefined ? await storeIcon(ctx, corpId, icon) : removeIcon ? null : undefined,
    })
    if (Object.keys(change).length === 0) throw new UsageError('没有要修改的设置')
    const account = await setAccount(ctx, actor, corpId, originalId, change)
    const data = { originalId, changed: Object.keys(change) }
    if (!['mode', 'token', 'encodingAesKey'].some(name => name in change)) return { data, text: '已保存' }
    const callback = callbackSettings(ctx, account)
    return { data: { ...data, ...callback }, text: `已保存\n\n${callbackText(callback)}` }
  },
})

const remove = command({
  path: 'official remove',
  point: 'official:edit',
  summary: '解绑公众号，平台中它的粉丝、会话和记录一并删除；微信那边不受影响',
  parts: { originalId, corp: corpPart },
  async run(ctx: Needs, { originalId, corp }) {
    const corpId = corpOf(ctx, corp)
    const gone = (await whatGoes(ctx, corpId, originalId)).map(
      ({ name, count }) => `${name.zh} ${formatCount(count)}`,
    )
    await removeAccount(ctx, actor, corpId, originalId)
    const also = gone.length > 0 ? `，一并删除: ${gone.join('，')}` : ''
    return { data: { originalId }, text: `已解绑 ${originalId}${also}` }
  },
})

const grant = directoryCommand({
  path: 'official grant',
  point: 'role:edit',
  summary: '把公众号分配给分级管理员；超级管理员总能看到全部',
  details: '给出的就是全部名单，此前分配给其他人的会收回。',
  parts: {
    originalId,
    administrators: list('--administrators <list>', '分级管理员的 userId，逗号分隔；"" 表示不分配给任何人'),
    corp: corpPart,
  },
  async run(ctx: Needs & { mirrors: Mirrors; roles: Roles }, { originalId, administrators: userIds, corp }) {
    if (!userIds) throw new UsageError('缺少 --administrators')
    await grantAccount(ctx, actor, corpOf(ctx, corp), originalId, userIds)
    const text = userIds.length > 0 ? `已分配给 ${userIds.join('、')}` : '没有分配给任何分级管理员'
    return { data: { originalId, administrators: userIds }, text }
  },
})

const doctor = command({
  path: 'official doctor',
  point: 'official:edit',
  summary: '检查公众号的接入：AppID 与密钥、IP 白名单、回调、原始 ID、剩余次数；说明哪里要改',
  parts: { originalId, corp: corpPart },
  async run(ctx: Needs, { originalId, corp }): Promise<Output> {
    return examinedOutput(await examineAccount(ctx, corpOf(ctx, corp), originalId))
  },
})

function callbackText(callback: ReturnType<typeof callbackSettings>): string {
  const values = facts([
    ['服务器地址(URL)', callback.callbackUrl],
    ['令牌(Token)', callback.token],
    ['EncodingAESKey', callback.encodingAesKey],
    ['消息加解密方式', { plain: '明文模式', compatible: '兼容模式', secure: '安全模式' }[callback.mode]],
  ])
  return `请在微信公众平台（或微信开发者平台）的「服务器配置」填入并启用:\n${values}`
}

function exclude(one: string, isOne: boolean, other: string, isOther: boolean): void {
  if (isOne && isOther) throw new UsageError(`${one} 与 ${other} 不能同用`)
}

async function storeIcon(ctx: Core, corpId: string, path: string): Promise<string> {
  const bytes = await readFile(path).catch(error => {
    throw new ApiError('badParameter', told`无法读取 ${path}: ${(error as Error).message}`)
  })
  // One byte more than allowed is enough to be refused.
  return (await storeFile(ctx, corpId, 'icon', bytes.subarray(0, fileUses.icon.bytesAtMost + 1))).hash
}

export const officialAccountCommands = [add, listAccounts, set, grant, remove, doctor]
