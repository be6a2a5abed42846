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
import { commandLanguage, said } from '../../../platform/command/language.ts'
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

const originalId = requiredText('<originalId>', {
  zh: '公众号的原始 ID，gh_…',
  en: 'original ID of the official account, gh_…',
})
const icon: CommandPart<string | undefined> = {
  ...text('--icon <file>', {
    zh: 'PNG、JPEG 或 WebP 图标，最多 1 MB；不给则按名称生成',
    en: 'icon: PNG, JPEG or WebP, 1 MB at most; by default made from the name',
  }),
  kind: 'file',
}
const settings = {
  kind: choice(
    '--kind <kind>',
    { zh: '类型，默认 service（服务号）', en: 'kind, service by default' },
    accountKinds,
  ),
  verified: toggle('--verified', { zh: '已通过微信认证', en: 'verified by WeChat' }),
  icon,
  mode: choice(
    '--mode <mode>',
    { zh: '消息加解密方式，默认 secure', en: 'how messages are encrypted, secure by default' },
    callbackModes,
  ),
  token: secret('--token <token>', {
    zh: '回调 Token，3 到 32 位字母或数字',
    en: 'Token of the callback, 3 to 32 letters or digits',
  }),
  encodingAesKey: secret('--encoding-aes-key <key>', {
    zh: '回调 EncodingAESKey，43 位字母或数字',
    en: 'EncodingAESKey of the callback, 43 letters or digits',
  }),
}

const add = command({
  path: 'official add',
  point: 'official:edit',
  summary: {
    zh: '绑定一个公众号或服务号，显示要填到微信公众平台的服务器配置；不询问微信，核对用 official doctor',
    en: 'Connect an official account, and show the server settings to enter at WeChat; WeChat is not asked, official doctor checks it',
  },
  details: {
    zh: '未给出 Token 与 EncodingAESKey 时自动生成。多个参数为 - 时，按本页列出的顺序各读一行。',
    en: 'Token and EncodingAESKey are generated unless given. Several inputs of - each read a line, in the order of this page.',
  },
  parts: {
    corp: corpPart,
    name: requiredText('--name <text>', { zh: '公众号名称', en: 'name of the official account' }),
    originalId: requiredText('--original-id <id>', { zh: '原始 ID，gh_…', en: 'original ID, gh_…' }),
    appId: requiredText('--app-id <id>', { zh: '开发者 ID（AppID）', en: 'developer ID (AppID)' }),
    secret: requiredSecret('--secret <secret>', {
      zh: '开发者密码（AppSecret）',
      en: 'developer password (AppSecret)',
    }),
    ...settings,
  },
  async run(ctx: Needs, { corp, icon, kind, mode, token, encodingAesKey, ...given }) {
    const corpId = corpOf(ctx, corp)
    const chosen = givenOnly({ kind, mode, token, encodingAesKey })
    const iconHash = icon === undefined ? null : await storeIcon(ctx, corpId, icon)
    const account = await bindAccount(ctx, actor, corpId, { ...given, ...chosen, iconHash })
    const callback = callbackSettings(ctx, account)
    const text = said({
      zh: `已绑定 ${account.name}（${account.originalId}）\n\n${callbackText(callback)}`,
      en: `connected ${account.name} (${account.originalId})\n\n${callbackText(callback)}`,
    })
    return { data: { originalId: account.originalId, ...callback }, text }
  },
})

const listAccounts = command({
  path: 'official list',
  point: 'official:read',
  summary: { zh: '列出绑定的公众号和服务号', en: 'List connected official accounts' },
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
      said(kindNames[one.kind]),
      one.verified ? said({ zh: '已认证', en: 'verified' }) : said({ zh: '未认证', en: 'not verified' }),
      one.enabled ? said({ zh: '启用', en: 'enabled' }) : said({ zh: '停用', en: 'disabled' }),
      when(one.callbackVerifiedAt, said({ zh: '从未', en: 'never' })),
    ])
    const heads = [
      said({ zh: '原始 ID', en: 'Original ID' }),
      said({ zh: '名称', en: 'Name' }),
      'AppID',
      said({ zh: '类型', en: 'type' }),
      said({ zh: '微信认证', en: 'WeChat verification' }),
      said({ zh: '状态', en: 'State' }),
      said({ zh: '回调验证', en: 'Callback verified' }),
    ]
    return {
      data: accounts,
      text: table(heads, rows, {
        zh: '还没有公众号，请执行 wisp official add',
        en: 'there is no official account yet: run wisp official add',
      }),
    }
  },
})

const set = command({
  path: 'official set',
  point: 'official:edit',
  summary: {
    zh: '修改公众号的设置；停用的公众号不接收推送，也不发送',
    en: 'Change the settings of an official account; a disabled one receives no pushes and sends nothing',
  },
  parts: {
    originalId,
    corp: corpPart,
    name: text('--name <text>', { zh: '公众号名称', en: 'name of the official account' }),
    appId: text('--app-id <id>', { zh: '开发者 ID（AppID）', en: 'developer ID (AppID)' }),
    secret: secret('--secret <secret>', {
      zh: '开发者密码（AppSecret）',
      en: 'developer password (AppSecret)',
    }),
    ...settings,
    unverified: toggle('--unverified', { zh: '没有微信认证', en: 'not verified by WeChat' }),
    removeIcon: toggle('--remove-icon', { zh: '去掉图标', en: 'remove the icon' }),
    enable: toggle('--enable', { zh: '启用', en: 'enable it' }),
    disable: toggle('--disable', { zh: '停用', en: 'disable it' }),
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
    if (Object.keys(change).length === 0)
      throw new UsageError({ zh: '没有要修改的设置', en: 'no setting to change was given' })
    const account = await setAccount(ctx, actor, corpId, originalId, change)
    const data = { originalId, changed: Object.keys(change) }
    if (!['mode', 'token', 'encodingAesKey'].some(name => name in change))
      return { data, text: said({ zh: '已保存', en: 'saved' }) }
    const callback = callbackSettings(ctx, account)
    return {
      data: { ...data, ...callback },
      text: said({ zh: `已保存\n\n${callbackText(callback)}`, en: `saved\n\n${callbackText(callback)}` }),
    }
  },
})

const remove = command({
  path: 'official remove',
  point: 'official:edit',
  summary: {
    zh: '解绑公众号，平台中它的粉丝、会话和记录一并删除；微信那边不受影响',
    en: 'Disconnect an official account; its followers, conversations and records in wisp are deleted, WeChat is not affected',
  },
  parts: { originalId, corp: corpPart },
  async run(ctx: Needs, { originalId, corp }) {
    const corpId = corpOf(ctx, corp)
    const gone = (await whatGoes(ctx, corpId, originalId)).map(
      ({ name, count }) => `${said(name)} ${formatCount(count)}`,
    )
    await removeAccount(ctx, actor, corpId, originalId)
    const also =
      gone.length > 0
        ? said({ zh: `，一并删除: ${gone.join('，')}`, en: `; deleted with it: ${gone.join(', ')}` })
        : ''
    return {
      data: { originalId },
      text: said({ zh: `已解绑 ${originalId}${also}`, en: `disconnected ${originalId}${also}` }),
    }
  },
})

const grant = directoryCommand({
  path: 'official grant',
  point: 'role:edit',
  summary: {
    zh: '把公众号分配给分级管理员；超级管理员总能看到全部',
    en: 'Give an official account to graded administrators; super administrators always see all',
  },
  details: {
    zh: '给出的就是全部名单，此前分配给其他人的会收回。',
    en: 'The list is complete: the account is taken from everyone else.',
  },
  parts: {
    originalId,
    administrators: list('--administrators <list>', {
      zh: '分级管理员的 userId，逗号分隔；"" 表示不分配给任何人',
      en: 'userids of graded administrators, separated by commas; "" gives it to none',
    }),
    corp: corpPart,
  },
  async run(ctx: Needs & { mirrors: Mirrors; roles: Roles }, { originalId, administrators: userIds, corp }) {
    if (!userIds) throw new UsageError({ zh: '缺少 --administrators', en: '--administrators is missing' })
    await grantAccount(ctx, actor, corpOf(ctx, corp), originalId, userIds)
    const text =
      userIds.length > 0
        ? said({ zh: `已分配给 ${userIds.join('、')}`, en: `given to ${userIds.join(', ')}` })
        : said({ zh: '没有分配给任何分级管理员', en: 'given to no graded administrator' })
    return { data: { originalId, administrators: userIds }, text }
  },
})

const doctor = command({
  path: 'official doctor',
  point: 'official:edit',
  summary: {
    zh: '检查公众号的接入：AppID 与密钥、IP 白名单、回调、原始 ID、剩余次数；说明哪里要改',
    en: 'Check the connection of an official account: AppID and secret, allowed addresses, callback, original ID, remaining calls; it says where to fix what',
  },
  details: { zh: '有检查未通过时退出码为 1。', en: 'The exit code is 1 if a check failed.' },
  parts: { originalId, corp: corpPart },
  async run(ctx: Needs, { originalId, corp }): Promise<Output> {
    return examinedOutput(await examineAccount(ctx, corpOf(ctx, corp), originalId, commandLanguage()))
  },
})

function callbackText(callback: ReturnType<typeof callbackSettings>): string {
  const values = facts([
    [{ zh: '服务器地址(URL)', en: '服务器地址(URL) (server address)' }, callback.callbackUrl],
    [{ zh: '令牌(Token)', en: '令牌(Token) (token)' }, callback.token],
    ['EncodingAESKey', callback.encodingAesKey],
    [
      { zh: '消息加解密方式', en: '消息加解密方式 (encryption of messages)' },
      {
        plain: said({ zh: '明文模式', en: '明文模式 (plain)' }),
        compatible: said({ zh: '兼容模式', en: '兼容模式 (compatible)' }),
        secure: said({ zh: '安全模式', en: '安全模式 (secure)' }),
      }[callback.mode],
    ],
  ])
  return said({
    zh: `请在微信公众平台（或微信开发者平台）的“服务器配置”填入并启用:\n${values}`,
    en: `enter these at 服务器配置 (Server configuration) of the WeChat platform, and enable them:\n${values}`,
  })
}

function exclude(one: string, isOne: boolean, other: string, isOther: boolean): void {
  if (isOne && isOther)
    throw new UsageError({ zh: `${one} 与 ${other} 不能同用`, en: `${one} excludes ${other}` })
}

async function storeIcon(ctx: Core, corpId: string, path: string): Promise<string> {
  const bytes = await readFile(path).catch(error => {
    const why = (error as Error).message
    throw new ApiError('badParameter', {
      zh: told`无法读取 ${path}: ${why}`,
      en: told`${path} cannot be read: ${why}`,
    })
  })
  // One byte more than allowed is enough to be refused.
  return (await storeFile(ctx, corpId, 'icon', bytes.subarray(0, fileUses.icon.bytesAtMost + 1))).hash
}

export const officialAccountCommands = [add, listAccounts, set, grant, remove, doctor]
