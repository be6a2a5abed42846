import { readFileSync } from 'node:fs'
import type { Core } from '../../core.ts'
import {
  changeSettings,
  type MessageSettingsOfCorps,
  putTemplate,
  removeTemplate,
  type SettingsChange,
  type SmsSettings,
  type SmtpSettings,
} from '../../messages/settings/settings.ts'
import { type Command, command, givenOnly, UsageError } from '../command.ts'
import {
  agentIds,
  choice,
  corpOf,
  corpPart,
  integer,
  list,
  requiredText,
  secret,
  text,
  toggle,
} from '../parts.ts'
import { facts, table } from '../text.ts'
import { actor } from './actor.ts'

type Needs = Core & { messageSettings: MessageSettingsOfCorps }

const security = ['tls', 'starttls', 'none'] as const

const config = command({
  path: 'message config',
  summary: '查看或修改消息中心的配置；只给出要修改的项',
  details:
    '短信: --sms tencent 需要 --secret-id、--secret-key、--sdk-app-id；--sms aliyun 需要 --secret-id（AccessKeyId）、--secret-key。',
  parts: {
    corp: corpPart,
    agent: integer('--agent <agentId>', '消息中心自己的企业微信应用', agentIds),
    dailyCap: integer('--daily-cap <n>', '每个应用每天的人次上限，默认成员数 × 200', {
      min: 1,
      max: 2_000_000_000,
    }),
    keepDays: integer('--keep-days <n>', '消息保留天数，默认 180', { min: 1, max: 3650 }),
    smtpHost: text('--smtp-host <host>', '邮件服务器'),
    smtpPort: integer('--smtp-port <port>', '端口', { min: 1, max: 65_535 }),
    smtpSecurity: choice('--smtp-security <kind>', '加密方式', security),
    smtpUser: text('--smtp-user <user>', '登录用户'),
    smtpPassword: secret('--smtp-password <password>', '登录密码'),
    smtpFrom: text('--smtp-from <address>', '发件人，例如 "消息中心 <noreply@example.com>"'),
    smtpCa: { ...text('--smtp-ca <file>', '自签证书机构的 PEM 文件'), kind: 'file' as const },
    smtp: toggle('--no-smtp', '停用邮件'),
    sms: choice('--sms <vendor>', '短信服务商', ['tencent', 'aliyun']),
    secretId: text('--secret-id <id>', '服务商的 SecretId 或 AccessKeyId'),
    secretKey: secret('--secret-key <key>', '服务商的 SecretKey 或 AccessKeySecret'),
    sdkAppId: text('--sdk-app-id <id>', '腾讯云短信的 SdkAppId'),
    region: text('--region <region>', '腾讯云地域，默认 ap-guangzhou'),
    signName: text('--sign-name <name>', '短信签名'),
    smsEndpoint: text('--sms-endpoint <host:port>', '短信接口地址，默认为服务商的'),
  },
  async run(ctx, { corp, ...given }) {
    const corpId = corpOf(ctx, corp)
    const change = changeOf(ctx, corpId, given)
    if (Object.keys(change).length > 0) await changeSettings(ctx, actor, corpId, change)
    return describe(ctx, corpId)
  },
})

type Given = {
  agent: number | undefined
  dailyCap: number | undefined
  keepDays: number | undefined
  smtpHost: string | undefined
  smtpPort: number | undefined
  smtpSecurity: (typeof security)[number] | undefined
  smtpUser: string | undefined
  smtpPassword: string | undefined
  smtpFrom: string | undefined
  smtpCa: string | undefined
  smtp: boolean
  sms: 'tencent' | 'aliyun' | undefined
  secretId: string | undefined
  secretKey: string | undefined
  sdkAppId: string | undefined
  region: string | undefined
  signName: string | undefined
  smsEndpoint: string | undefined
}

function changeOf(ctx: Needs, corpId: string, given: Given): SettingsChange {
  const now = ctx.messageSettings.of(corpId)
  const smtp = given.smtp ? smtpOf(now.smtp, given) : null
  return givenOnly({
    agentId: given.agent,
    dailyCap: given.dailyCap,
    keepDays: given.keepDays,
    smtp,
    sms: smsOf(given),
  }) as SettingsChange
}

/** Merges what is given into the present settings. Throws UsageError when something is missing. */
function smtpOf(now: SmtpSettings | undefined, given: Given): SmtpSettings | undefined {
  const { smtpHost, smtpPort, smtpSecurity, smtpUser, smtpPassword, smtpFrom, smtpCa } = given
  const changed = [smtpHost, smtpPort, smtpSecurity, smtpUser, smtpPassword, smtpFrom, smtpCa]
  if (changed.every(one => one === undefined)) return undefined
  const host = smtpHost ?? now?.host
  const from = smtpFrom ?? now?.from
  if (!host) throw new UsageError('缺少 --smtp-host')
  if (!from) throw new UsageError('缺少 --smtp-from')
  const kind = smtpSecurity ?? now?.security ?? 'starttls'
  const ca = smtpCa ? readFileSync(smtpCa, 'utf8') : now?.ca
  return {
    host,
    port: smtpPort ?? now?.port ?? (kind === 'tls' ? 465 : 587),
    security: kind,
    user: smtpUser ?? now?.user ?? '',
    password: smtpPassword ?? now?.password ?? '',
    from,
    ...(ca ? { ca } : {}),
  }
}

function smsOf(given: Given): SmsSettings | undefined {
  const { sms, secretId, secretKey, sdkAppId, region, signName, smsEndpoint } = given
  if (!sms) return undefined
  if (!secretId || !secretKey) throw new UsageError('缺少 --secret-id 或 --secret-key')
  const common = { signName: signName ?? '', ...(smsEndpoint ? { endpoint: smsEndpoint } : {}) }
  if (sms === 'aliyun') return { vendor: sms, accessKeyId: secretId, accessKeySecret: secretKey, ...common }
  if (!sdkAppId) throw new UsageError('缺少 --sdk-app-id')
  return { vendor: sms, secretId, secretKey, sdkAppId, region: region ?? 'ap-guangzhou', ...common }
}

/** Describes the settings without their secrets. */
function describe(ctx: Needs, corpId: string) {
  const { agentId, dailyCap, keepDays, smtp, sms, templates } = ctx.messageSettings.of(corpId)
  const data = {
    corpId,
    agentId,
    dailyCap,
    keepDays,
    smtp: smtp
      ? { host: smtp.host, port: smtp.port, security: smtp.security, user: smtp.user, from: smtp.from }
      : null,
    sms: sms ? { vendor: sms.vendor, signName: sms.signName } : null,
    templates: templates.size,
  }
  const words = facts([
    ['企业微信应用', agentId ?? '（唯一的消息应用）'],
    ['每日上限', dailyCap ?? '成员数 × 200'],
    ['保留天数', keepDays],
    ['邮件', smtp ? `${smtp.host}:${smtp.port} ${smtp.security} ${smtp.from}` : '未配置'],
    ['短信', sms ? `${sms.vendor} 签名 ${sms.signName || '（见模板）'}` : '未配置'],
    ['短信模板', `${templates.size} 个`],
  ])
  return { data, text: words }
}

const templateId = requiredText('<id>', '模板 id，即接口的 templateId')

const templatesList = command({
  path: 'message templates list',
  summary: '列出短信模板',
  parts: { corp: corpPart },
  async run(ctx, { corp }) {
    const data = [...ctx.messageSettings.of(corpOf(ctx, corp)).templates.values()]
    const rows = data.map(one => [one.id, one.vendorId, one.signName, one.params.join('、'), one.text])
    return { data, text: table(['模板', '服务商模板', '签名', '变量', '内容'], rows) }
  },
})

const templatesPut = command({
  path: 'message templates put',
  summary: '登记短信模板；已登记的则更新',
  parts: {
    id: templateId,
    corp: corpPart,
    vendorId: requiredText('--vendor-id <id>', '服务商处的模板 id'),
    params: list('--params <names>', '变量名，按接口 params 的顺序，逗号分隔；阿里云按名称取值'),
    signName: text('--sign-name <name>', '签名，默认为短信配置的签名'),
    words: text('--text <text>', '模板内容，供预览'),
  },
  async run(ctx, { id, corp, vendorId, params, signName, words }) {
    const template = { id, vendorId, params: params ?? [], signName: signName ?? '', text: words ?? '' }
    await putTemplate(ctx, actor, corpOf(ctx, corp), template)
    return { data: template, text: `已登记短信模板 ${id}（${template.params.length} 个变量）` }
  },
})

const templatesRemove = command({
  path: 'message templates remove',
  summary: '移除短信模板',
  parts: { id: templateId, corp: corpPart },
  async run(ctx, { id, corp }) {
    await removeTemplate(ctx, actor, corpOf(ctx, corp), id)
    return { data: { id }, text: `已移除短信模板 ${id}` }
  },
})

export const messageConfigCommands: Command[] = [config, templatesList, templatesPut, templatesRemove]
