import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto'
import type { Corps } from '../../organisation/corps/corps.ts'
import { record } from '../../platform/audit/audit.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkVersion, versionOf } from '../../platform/http/form-version.ts'
import { checkText, readName } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import { OutboundRefused } from '../../platform/security/outbound-policy.ts'
import { SealError } from '../../platform/security/seal.ts'
import type { Format } from './formats/render.ts'
import type { FrameKind } from './formats/syslog.ts'
import * as store from './receiver-store.ts'
import { authorizationSealed, privateKeySealed } from './sealed.ts'
import { hostAndPort, type Transport } from './transport/send.ts'

export type SiemNeeds = Core & { corps: Corps; outbound: Outbound }

export const transports = ['tls', 'tcp', 'https'] as const satisfies Transport[]
export const formats = ['text', 'cef', 'ocsf'] as const satisfies Format[]
export const framings = ['octets', 'lf'] as const satisfies FrameKind[]

/** What is given of it is changed. Keys are clear; '' takes one away. */
export type ReceiverChange = {
  name?: string | undefined
  transport?: Transport | undefined
  address?: string | undefined
  format?: Format | undefined
  framing?: FrameKind | undefined
  language?: 'zh' | 'en' | undefined
  pen?: number | undefined
  ca?: string | undefined
  certificate?: string | undefined
  privateKey?: string | undefined
  authorization?: string | undefined
  isOn?: boolean | undefined
}
export type NewReceiver = ReceiverChange & { name: string; transport: Transport; address: string }

const receiversAtMost = 5
const addressAtMost = 500
const pemAtMost = 20_000
const penAtMost = 2_147_483_647

export function noReceiver(id: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有接收端 ${id}`,
    en: told`there is no receiver ${id}`,
  })
}

/** What people set, and nothing of how far it is: that changes while a form is open, and a list adds more to a row. */
const formOf = ({
  name,
  transport,
  address,
  format,
  framing,
  language,
  pen,
  ca,
  certificate,
  privateKey,
  authorization,
  isOn,
}: store.Receiver) => [
  ...[name, transport, address, format, framing, language, pen],
  ...[ca, certificate, privateKey, authorization, isOn],
]
export const receiverVersion = (one: store.Receiver): string => versionOf(formOf(one))

/** Adds a receiver of a corp's entries and alerts, or of those of the installation (''), and returns its id. Throws 1000 and 1001. */
export async function addReceiver(
  ctx: SiemNeeds,
  actor: string,
  corpId: string,
  { fromStart = false, ...given }: NewReceiver & { fromStart?: boolean },
): Promise<string> {
  if (corpId !== '') ctx.corps.get(corpId)
  const settings = checked(ctx, { ...initial, ...given, format: given.format ?? formatFor(given.transport) })
  const id = `siem:${randomBytes(6).toString('hex')}`
  await ctx.db.transaction().execute(async tx => {
    await store.lockOwner(tx, corpId)
    const others = await store.receiversOf(tx, corpId)
    checkFree(settings.name, others)
    if (others.length >= receiversAtMost)
      throw new ApiError('badParameter', {
        zh: told`最多 ${own(receiversAtMost)} 个接收端，已有 ${own(others.length)} 个`,
        en: told`there are at most ${own(receiversAtMost)} receivers, and there are ${own(others.length)}`,
      })
    const at = new Date(ctx.now())
    await store.insertReceiver(tx, { ...sealed(ctx, settings), id, corpId, at, fromStart })
    const detail = { changes: changesOf({}, toldOf(settings), secrets) }
    await record(tx, ctx, {
      corpId: corpId || null,
      actor,
      act: 'audit.forward',
      target: id,
      targetName: settings.name,
      detail,
    })
  })
  return id
}

/** `version` is that of the form that was filled. Throws 1000 and 1001. */
export async function setReceiver(
  ctx: SiemNeeds,
  actor: string,
  corpId: string,
  id: string,
  change: ReceiverChange,
  version?: string,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    await store.lockOwner(tx, corpId)
    const was = await store.lockReceiver(tx, corpId, id)
    if (!was) throw noReceiver(id)
    checkVersion(formOf(was), version)
    const before = openedFor(ctx, was, change)
    // A key that was given for one receiver is not sent to another.
    const moved = isElsewhere(before, change) ? forgotten(before, change) : {}
    const settings = checked(ctx, { ...before, ...moved, ...definedOf(change) } as ClearSettings)
    checkFree(
      settings.name,
      (await store.receiversOf(tx, corpId)).filter(one => one.id !== id),
    )
    const isSwitchedOn = settings.isOn && !before.isOn
    await store.updateReceiver(tx, id, sealed(ctx, settings), { at: new Date(ctx.now()), isSwitchedOn })
    const detail = { changes: changesOf(toldOf(before), toldOf(settings), secrets) }
    await record(tx, ctx, {
      corpId: corpId || null,
      actor,
      act: 'audit.forward',
      target: id,
      targetName: settings.name,
      detail,
    })
  })
}

/** What it has not got is not sent to it any more. Throws 1000. */
export async function removeReceiver(
  ctx: SiemNeeds,
  actor: string,
  corpId: string,
  id: string,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const was = await store.lockReceiver(tx, corpId, id)
    if (!was) throw noReceiver(id)
    await store.deleteReceiver(tx, id)
    const { name, address } = was
    const detail = { name, address }
    await record(tx, ctx, {
      corpId: corpId || null,
      actor,
      act: 'audit.forward.remove',
      target: id,
      targetName: name,
      detail,
    })
  })
}

/** Its settings with keys in clear text, for sending. */
export function opened(ctx: Pick<Core, 'seal'>, one: store.Receiver): ClearSettings {
  const open = (value: string | null, purpose: string) =>
    value === null ? '' : ctx.seal.open(value, purpose)
  const { name, transport, address, format, framing, language, pen, isOn } = one
  return {
    ...{ name, transport, address, format, framing, language, pen, isOn },
    ca: one.ca ?? '',
    certificate: one.certificate ?? '',
    privateKey: open(one.privateKey, privateKeySealed.purpose as string),
    authorization: open(one.authorization, authorizationSealed.purpose as string),
  }
}

/** Its settings for a change, by which a key that cannot be opened is given anew or taken away. Throws 1000 where it is not. */
function openedFor(ctx: Pick<Core, 'seal'>, one: store.Receiver, change: ReceiverChange): ClearSettings {
  let rest = one
  for (const name of ['privateKey', 'authorization'] as const) {
    try {
      opened(ctx, { ...one, privateKey: null, authorization: null, [name]: one[name] })
    } catch (error) {
      if (!(error instanceof SealError)) throw error
      if (change[name] === undefined)
        throw new ApiError('badParameter', {
          zh: told`${own(name)}：已保存的内容用现在的密钥打不开，请重新填写，或去掉`,
          en: told`${own(name)}: what is stored cannot be opened with the present key: type it again, or take it away`,
        })
      rest = { ...rest, [name]: null }
    }
  }
  return opened(ctx, rest)
}

/** All of it; '' where there is none. */
export type ClearSettings = { [K in keyof ReceiverChange]-?: Exclude<ReceiverChange[K], undefined> }

const initial = {
  framing: 'octets',
  language: 'zh',
  pen: 32473,
  ca: '',
  certificate: '',
  privateKey: '',
  authorization: '',
  isOn: true,
} as const

const formatFor = (transport: Transport): Format => (transport === 'https' ? 'ocsf' : 'text')

const secrets = ['ca', 'certificate', 'clientKey', 'authorization'] as const

/** What the audit log keeps of it: of keys and certificates no more than that they changed. */
function toldOf({ privateKey, authorization, transport, isOn, ...rest }: ClearSettings) {
  return { ...rest, way: transport, on: isOn, clientKey: privateKey, authorization }
}

function definedOf(change: ReceiverChange): ReceiverChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}

/** Throws 1000 and 1001. */
function checked(ctx: SiemNeeds, given: ReceiverChange & NewReceiver): ClearSettings {
  const all = { ...initial, ...given, format: given.format ?? formatFor(given.transport) } as ClearSettings
  const name = readName(all.name)
  checkAddress(ctx, all)
  if ((all.transport === 'https') !== (all.format === 'ocsf'))
    throw new ApiError('badParameter', {
      zh: 'format：HTTPS 只用 ocsf，syslog 用 text 或 cef',
      en: 'format: HTTPS takes ocsf alone, and syslog text or cef',
    })
  if (!Number.isInteger(all.pen) || all.pen < 1 || all.pen > penAtMost)
    throw new ApiError('badParameter', {
      zh: 'pen：企业编号（PEN）应为 1 到 2147483647 的整数',
      en: 'pen: the private enterprise number should be an integer from 1 to 2147483647',
    })
  checkText(all.authorization, 'authorization', 1000)
  if (all.authorization && all.transport !== 'https')
    throw new ApiError('badParameter', {
      zh: 'authorization：只有 HTTPS 有请求头',
      en: 'authorization: only HTTPS has headers',
    })
  if (all.transport === 'tcp' && (all.ca || all.certificate || all.privateKey))
    throw new ApiError('badParameter', {
      zh: 'ca、certificate、privateKey：TCP 不加密，不使用证书',
      en: 'ca, certificate, privateKey: plain TCP uses no certificates',
    })
  checkPems(all)
  return { ...all, name }
}

function checkAddress({ outbound }: SiemNeeds, { transport, address }: ClearSettings): void {
  checkText(address, 'address', addressAtMost)
  let host: string | undefined
  if (transport === 'https') {
    const url = URL.parse(address)
    if (url?.protocol === 'https:' && !url.username && !url.password && !url.hash) host = url.hostname
  } else {
    const found = hostAndPort(address)
    const isHost = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]{1,253}):\d{1,5}$/.test(address)
    if (isHost && found.port >= 1 && found.port <= 65_535) host = found.host
  }
  if (host === undefined)
    throw new ApiError('badParameter', {
      zh: told`address：HTTPS 应为 https:// 开头的地址，syslog 应为 主机:端口，例如 siem.example.com:6514；收到 ${address}`,
      en: told`address: HTTPS takes an address that begins with https://, syslog host:port, such as siem.example.com:6514; got ${address}`,
    })
  try {
    outbound.checkEntered(host.replace(/^\[|\]$/g, ''))
  } catch (error) {
    if (error instanceof OutboundRefused)
      throw new ApiError('badParameter', {
        zh: told`address：${error.words.zh}`,
        en: told`address: ${error.words.en}`,
      })
    throw error
  }
}

function checkPems({ ca, certificate, privateKey }: ClearSettings): void {
  for (const [name, pem] of Object.entries({ ca, certificate })) {
    if (pem === '') continue
    checkText(pem, name, pemAtMost, true)
    try {
      new X509Certificate(pem)
    } catch {
      throw new ApiError('badParameter', {
        zh: told`${own(name)} 不是 PEM 格式的证书，应以 -----BEGIN CERTIFICATE----- 开头`,
        en: told`${own(name)} is no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----`,
      })
    }
  }
  if ((certificate === '') !== (privateKey === ''))
    throw new ApiError('badParameter', {
      zh: '客户端证书与私钥（certificate、privateKey）须同时填写',
      en: 'a client certificate needs its private key, and the key its certificate (certificate, privateKey)',
    })
  if (privateKey === '') return
  checkText(privateKey, 'privateKey', pemAtMost, true)
  let fits = false
  try {
    fits = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey))
  } catch {
    throw new ApiError('badParameter', {
      zh: 'privateKey 不是 PEM 格式的私钥，或有口令；应没有口令',
      en: 'privateKey is no private key in PEM, or has a passphrase, which it should not',
    })
  }
  if (!fits)
    throw new ApiError('badParameter', {
      zh: 'privateKey 不是这张客户端证书的私钥',
      en: 'privateKey is not the key of this client certificate',
    })
}

function checkFree(name: string, others: readonly store.Receiver[]): void {
  if (others.some(one => one.name === name))
    throw new ApiError('badParameter', {
      zh: told`name：已有名为 ${name} 的接收端`,
      en: told`name: there is a receiver ${name} already`,
    })
}

function isElsewhere(before: ClearSettings, { address, transport }: ReceiverChange): boolean {
  return (
    (address ?? before.address) !== before.address || (transport ?? before.transport) !== before.transport
  )
}

/** What does not fit another place. Throws 1000 where a key would go to a place that it was not given for. */
function forgotten(before: ClearSettings, change: ReceiverChange): ReceiverChange {
  const transport = change.transport ?? before.transport
  if (transport === 'https' && before.authorization && change.authorization === undefined)
    throw new ApiError('badParameter', {
      zh: 'authorization：地址改了，请重新填写请求头',
      en: 'authorization: the address changed, so type the header again',
    })
  return {
    ...(transport === 'https' ? {} : { authorization: '' }),
    ...(transport === before.transport ? {} : { format: formatFor(transport) }),
    ...(transport === 'tcp' ? { ca: '', certificate: '', privateKey: '' } : {}),
  }
}

function sealed(ctx: Core, settings: ClearSettings): store.ReceiverSettings {
  const seal = (value: string, purpose: string) => (value === '' ? null : ctx.seal.seal(value, purpose))
  return {
    ...settings,
    ca: settings.ca || null,
    certificate: settings.certificate || null,
    privateKey: seal(settings.privateKey, privateKeySealed.purpose as string),
    authorization: seal(settings.authorization, authorizationSealed.purpose as string),
  }
}
