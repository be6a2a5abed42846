import { X509Certificate } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { record } from '../../audit/audit.ts'
import type { Core } from '../../core.ts'
import type { Corps } from '../../corps/corps.ts'
import { directorySize } from '../../directory/figures-store.ts'
import { ApiError } from '../../http/errors.ts'
import { choice, optionalInteger, optionalStructured, optionalText, text } from '../../http/input.ts'
import { administrator, pageCall } from '../../http/page-call.ts'
import { isMailAddress } from '../channels/email.ts'
import { lastTrial, sentToday } from '../console/console-store.ts'
import { dayCap } from '../limits/hold.ts'
import { paceLimits } from '../limits/pace-store.ts'
import type { ChannelName } from '../store.ts'
import type { MessageSettingsOfCorps } from './settings.ts'
import {
  changeSettings,
  type SettingsGroup,
  type SmsSettings,
  type SmtpSettings,
  settingsVersions,
} from './settings.ts'

type Needs = Core & { corps: Corps }

/** The last test of a channel. `isCurrent`: it was made with the settings in use now. */
const lastTestSchema = Type.Object({
  at: Type.String(),
  actor: Type.String(),
  ok: Type.Boolean(),
  isCurrent: Type.Boolean(),
})
export type LastTest = Static<typeof lastTestSchema>

const messageSettingsPageSchema = Type.Object({
  versions: Type.Object({
    wecom: Type.String(),
    email: Type.String(),
    sms: Type.String(),
    keep: Type.String(),
  }),
  agents: Type.Array(
    Type.Object({
      agentId: Type.Number(),
      name: Type.String(),
      isUsable: Type.Boolean(),
    }),
  ),
  wecom: Type.Object({
    agentId: Type.Union([Type.Number(), Type.Null()]),
    dailyCap: Type.Union([Type.Number(), Type.Null()]),
    /** WeCom's usual quota: 200 person-times per member. */
    usualCap: Type.Number(),
    cap: Type.Number(),
    sentToday: Type.Number(),
  }),
  keepDays: Type.Number(),
  smtp: Type.Union([
    Type.Object({
      /** For example `消息中心 <noreply@example.com>`. */
      from: Type.String(),
      host: Type.String(),
      port: Type.Number(),
      /** `tls`: encrypted from the first byte; `starttls`: upgrade required; `none`: unencrypted. */
      security: Type.Enum(['none', 'tls', 'starttls']),
      user: Type.String(),
      hasPassword: Type.Boolean(),
      ca: Type.String(),
    }),
    Type.Null(),
  ]),
  sms: Type.Union([
    Type.Object({
      vendor: Type.Enum(['tencent', 'aliyun']),
      secretId: Type.String(),
      hasSecret: Type.Boolean(),
      sdkAppId: Type.String(),
      region: Type.String(),
      signName: Type.String(),
      endpoint: Type.String(),
    }),
    Type.Null(),
  ]),
  templates: Type.Number(),
  tests: Type.Object({
    wecom: Type.Optional(lastTestSchema),
    email: Type.Optional(lastTestSchema),
    sms: Type.Optional(lastTestSchema),
  }),
})
export type MessageSettingsPage = Static<typeof messageSettingsPageSchema>

export const readSettings = pageCall({
  method: 'GET',
  path: '/web/messages/settings',
  access: administrator('super'),
  input: {},
  output: messageSettingsPageSchema,
  async handle(
    ctx: Core & { corps: Corps; messageSettings: MessageSettingsOfCorps },
    { corpId },
  ): Promise<MessageSettingsPage> {
    const { agentId, dailyCap, keepDays, smtp, sms, templates } = ctx.messageSettings.of(corpId)
    const { agents } = ctx.corps.get(corpId)
    const usable = agents.filter(one => one.uses.includes('messages'))
    const sender = agentId ?? (usable.length === 1 ? usable[0]?.agentId : undefined)
    const versions = await settingsVersions(ctx.db, corpId)
    const { members } = await directorySize(ctx.db, corpId)
    return {
      versions,
      agents: agents.map(one => ({
        agentId: one.agentId,
        name: one.name,
        isUsable: one.uses.includes('messages'),
      })),
      wecom: {
        agentId,
        dailyCap,
        usualCap: members * paceLimits.personTimesPerAccount,
        cap: dayCap(ctx, corpId, members),
        sentToday: sender === undefined ? 0 : await sentToday(ctx.db, corpId, sender, ctx.now()),
      },
      keepDays,
      smtp: smtp ? withoutPassword(smtp) : null,
      sms: sms ? withoutSecret(sms) : null,
      templates: templates.size,
      tests: await lastTests(ctx, corpId, versions),
    }
  },
})

function withoutPassword({ host, port, security, user, password, from, ca }: SmtpSettings) {
  return { host, port, security, user, from, hasPassword: password !== '', ca: ca ?? '' }
}

function withoutSecret(sms: SmsSettings) {
  const { vendor, signName, endpoint = '' } = sms
  const common = { vendor, signName, endpoint, hasSecret: true }
  return sms.vendor === 'tencent'
    ? { ...common, secretId: sms.secretId, sdkAppId: sms.sdkAppId, region: sms.region }
    : { ...common, secretId: sms.accessKeyId, sdkAppId: '', region: '' }
}

async function lastTests(ctx: Core, corpId: string, versions: Record<SettingsGroup, string>) {
  const tests: Partial<Record<ChannelName, LastTest>> = {}
  for (const channel of ['wecom', 'email', 'sms'] as const) {
    const found = await lastTrial(ctx.db, corpId, channel)
    if (!found) continue
    const { ok, version } = found.detail as { ok: boolean; version: string }
    tests[channel] = {
      at: found.at.toISOString(),
      actor: found.actor,
      ok,
      isCurrent: version === versions[channel],
    }
  }
  return tests
}

const version = text('打开表单时的版本', { max: 64 })

/** The versions after a save, which the page sends with its next one. */
async function saved(ctx: Core, corpId: string) {
  return { versions: await settingsVersions(ctx.db, corpId) }
}

export const saveWecom = pageCall({
  method: 'POST',
  path: '/web/messages/settings/wecom',
  access: administrator('super'),
  input: {
    version,
    agentId: optionalInteger('消息中心自己的企业微信应用；空为唯一的消息应用', {
      min: 1,
      max: 2_147_483_647,
    }),
    dailyCap: optionalInteger('每个应用每天的人次上限；空为成员数 × 200', { min: 1, max: 2_000_000_000 }),
  },
  output: Type.Object({
    versions: Type.Object({
      wecom: Type.String(),
      email: Type.String(),
      sms: Type.String(),
      keep: Type.String(),
    }),
  }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const { agentId, dailyCap } = input
    const agent = ctx.corps.get(corpId).agents.find(one => one.agentId === agentId)
    if (agent && !agent.uses.includes('messages'))
      throw new ApiError('badParameter', {
        zh: `应用 ${agent.name} 未开放消息用途`,
        en: `agent '${agent.name}' is not open for messages`,
      })
    const change = { agentId: agentId ?? null, dailyCap: dailyCap ?? null }
    await changeSettings(ctx, visitor.actor, corpId, change, { group: 'wecom', version: input.version })
    return saved(ctx, corpId)
  },
})

export const saveKeepDays = pageCall({
  method: 'POST',
  path: '/web/messages/settings/keep',
  access: administrator('super'),
  input: { version, keepDays: optionalInteger('消息保留天数', { min: 1, max: 3650 }) },
  output: Type.Object({
    versions: Type.Object({
      wecom: Type.String(),
      email: Type.String(),
      sms: Type.String(),
      keep: Type.String(),
    }),
  }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    if (input.keepDays === undefined) throw new ApiError('missingParameter', 'keepDays')
    const change = { keepDays: input.keepDays }
    await changeSettings(ctx, visitor.actor, corpId, change, { group: 'keep', version: input.version })
    return saved(ctx, corpId)
  },
})

const line = (max: number) => Type.String({ maxLength: max, pattern: '^[^\\r\\n\\t]*$' })
const hostName = Type.String({ minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9._:-]+$' })

const smtpSchema = Type.Object({
  host: hostName,
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  security: Type.Union([Type.Literal('tls'), Type.Literal('starttls'), Type.Literal('none')]),
  user: line(320),
  /** Absent when the stored password is kept. */
  password: Type.Optional(line(1000)),
  from: line(500),
  ca: Type.Optional(Type.String({ maxLength: 100_000 })),
})

export const saveEmail = pageCall({
  method: 'POST',
  path: '/web/messages/settings/email',
  access: administrator('super'),
  input: { version, smtp: optionalStructured('邮件服务器；空为停用', smtpSchema) },
  output: Type.Object({
    versions: Type.Object({
      wecom: Type.String(),
      email: Type.String(),
      sms: Type.String(),
      keep: Type.String(),
    }),
  }),
  async handle(
    ctx: Core & { corps: Corps; messageSettings: MessageSettingsOfCorps },
    { input, visitor, corpId },
  ) {
    const now = ctx.messageSettings.of(corpId).smtp
    const change = { smtp: input.smtp ? smtpOf(now, input.smtp) : null }
    await changeSettings(ctx, visitor.actor, corpId, change, { group: 'email', version: input.version })
    return saved(ctx, corpId)
  },
})

type SmtpGiven = Omit<SmtpSettings, 'password'> & { password?: string }

/** A stored password is only ever sent to the server and user it was entered for. */
function smtpOf(now: SmtpSettings | undefined, given: SmtpGiven): SmtpSettings {
  const { host, port, security, user, from, ca } = given
  const address = /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from
  if (!isMailAddress(address.trim()))
    throw new ApiError('badParameter', {
      zh: 'smtp.from 应为邮箱地址，或「名称 <邮箱地址>」',
      en: "smtp.from should be a mail address, or 'Name <mail address>'",
    })
  const isSame = now?.host === host && now.user === user
  if (given.password === undefined && !isSame && user !== '')
    throw new ApiError('badParameter', {
      zh: 'smtp.password 服务器或用户名改变后须重新填写密码',
      en: 'smtp.password is needed again when the server or the user changes',
    })
  if (ca) checkCertificate(ca)
  const password = user === '' ? '' : (given.password ?? now?.password ?? '')
  return { host, port, security, user, password, from, ...(ca ? { ca } : {}) }
}

function checkCertificate(pem: string): void {
  try {
    new X509Certificate(pem)
  } catch {
    throw new ApiError('badParameter', {
      zh: 'smtp.ca 不是 PEM 格式的证书',
      en: 'smtp.ca is not a PEM certificate',
    })
  }
}

export const saveSms = pageCall({
  method: 'POST',
  path: '/web/messages/settings/sms',
  access: administrator('super'),
  input: {
    version,
    vendor: choice('服务商；none 为停用', ['tencent', 'aliyun', 'none']),
    secretId: optionalText('SecretId 或 AccessKeyId', { max: 200 }),
    secret: optionalText('SecretKey 或 AccessKeySecret；空为不变', { max: 500 }),
    sdkAppId: optionalText('腾讯云 SdkAppId', { max: 50 }),
    region: optionalText('腾讯云地域，默认 ap-guangzhou', { max: 50 }),
    signName: optionalText('短信签名，不带【】', { max: 50 }),
    endpoint: optionalText('接口地址，默认为服务商的', { max: 253 }),
  },
  output: Type.Object({
    versions: Type.Object({
      wecom: Type.String(),
      email: Type.String(),
      sms: Type.String(),
      keep: Type.String(),
    }),
  }),
  async handle(
    ctx: Core & { corps: Corps; messageSettings: MessageSettingsOfCorps },
    { input, visitor, corpId },
  ) {
    const change = { sms: smsOf(ctx.messageSettings.of(corpId).sms, input) }
    await changeSettings(ctx, visitor.actor, corpId, change, { group: 'sms', version: input.version })
    return saved(ctx, corpId)
  },
})

type SmsGiven = {
  vendor: 'tencent' | 'aliyun' | 'none'
  secretId: string | undefined
  secret: string | undefined
  sdkAppId: string | undefined
  region: string | undefined
  signName: string | undefined
  endpoint: string | undefined
}

function smsOf(now: SmsSettings | undefined, given: SmsGiven): SmsSettings | null {
  const { vendor, secretId, endpoint, signName = '', sdkAppId, region = 'ap-guangzhou' } = given
  if (vendor === 'none') return null
  if (!secretId) throw new ApiError('missingParameter', 'secretId')
  if (/[【】]/.test(signName))
    throw new ApiError('badParameter', { zh: 'signName 不带【】', en: 'signName goes without 【】' })
  if (endpoint && !/^[A-Za-z0-9.-]+(:\d{1,5})?$/.test(endpoint))
    throw new ApiError('badParameter', {
      zh: 'endpoint 应为 主机 或 主机:端口',
      en: 'endpoint should be host or host:port',
    })
  const secret = given.secret ?? keptSecret(now, vendor, secretId, endpoint)
  const common = { signName, ...(endpoint ? { endpoint } : {}) }
  if (vendor === 'aliyun') return { vendor, accessKeyId: secretId, accessKeySecret: secret, ...common }
  if (!sdkAppId) throw new ApiError('missingParameter', 'sdkAppId')
  return { vendor, secretId, secretKey: secret, sdkAppId, region, ...common }
}

function keptSecret(
  now: SmsSettings | undefined,
  vendor: SmsSettings['vendor'],
  secretId: string,
  endpoint: string | undefined,
): string {
  const isSame =
    now?.vendor === vendor &&
    (now.vendor === 'tencent' ? now.secretId : now.accessKeyId) === secretId &&
    now.endpoint === endpoint
  if (!isSame)
    throw new ApiError('badParameter', {
      zh: 'secret 服务商、密钥 ID 或接口地址改变后须重新填写密钥',
      en: 'secret is needed again when the vendor, the key ID or the endpoint changes',
    })
  return now.vendor === 'tencent' ? now.secretKey : now.accessKeySecret
}

/** Records the last test of a channel. The answer comes from upstream and holds no secret. */
export async function recordTest(
  ctx: Core,
  corpId: string,
  actor: string,
  channel: ChannelName,
  outcome: { ok: boolean; answer: string },
): Promise<void> {
  const versions = await settingsVersions(ctx.db, corpId)
  const detail = { ...outcome, answer: outcome.answer.slice(0, 500), version: versions[channel] }
  await record(ctx.db, ctx, { corpId, actor, act: 'message.test', target: channel, detail })
}
