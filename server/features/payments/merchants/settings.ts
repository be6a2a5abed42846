import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { ApiError } from '../../../platform/http/errors.ts'
import { checkText, readName, readSet } from '../../../platform/http/rules.ts'
import { own, told, wordsOfOthers } from '../../../platform/http/told.ts'
import type { Words } from '../../../platform/words.ts'

/** What people enter about a merchant; what is left out stays as it is. */
export type MerchantSettings = {
  name?: string | undefined
  appIds?: readonly string[] | undefined
  /** Of the merchant's API certificate. */
  serial?: string | undefined
  /** apiclient_key.pem. */
  privateKey?: string | undefined
  /** apiclient_cert.pem, which tells when it ends; '' takes it away. */
  certificate?: string | undefined
  /** '' takes it away. */
  apiV3Key?: string | undefined
  /** PUB_KEY_ID_…, and pub_key.pem; '' and '' for certificates alone. */
  publicKeyId?: string | undefined
  publicKey?: string | undefined
  miniProgram?: string | undefined
}

const appIdsAtMost = 50
const rsaBitsAtLeast = 2048

export function checkMchId(mchId: string): void {
  if (!/^\d{6,32}$/.test(mchId))
    throw wrong('商户号应为数字，一般是 10 位', 'mchId should be digits, mostly 10')
}

/** The settings as they are stored. Throws 1000 and 1001. */
export function readSettings(given: MerchantSettings): MerchantSettings {
  const read: MerchantSettings = { ...given }
  if (given.name !== undefined) read.name = readName(given.name)
  if (given.appIds !== undefined) read.appIds = readAppIds(given.appIds)
  if (given.serial !== undefined) read.serial = readSerial(given.serial)
  if (given.privateKey !== undefined) read.privateKey = readPrivateKey(given.privateKey)
  if (given.certificate !== undefined) read.certificate = readCertificate(given.certificate)
  if (given.apiV3Key !== undefined) checkApiV3Key(given.apiV3Key)
  if (given.publicKeyId !== undefined) read.publicKeyId = readPublicKeyId(given.publicKeyId)
  if (given.publicKey !== undefined) read.publicKey = readPublicKey(given.publicKey)
  if (given.miniProgram !== undefined) read.miniProgram = readPath(given.miniProgram)
  return read
}

/** What holds of all settings together. Throws 1000. */
export function checkTogether(all: { publicKeyId: string; publicKey: string; hasApiV3Key: boolean }): void {
  if ((all.publicKeyId === '') !== (all.publicKey === '')) throw togetherOnly()
  if (all.publicKeyId === '' && !all.hasApiV3Key)
    throw wrong(
      '微信支付公钥与 APIv3 密钥至少要填一项，否则无法验证微信支付的应答',
      "without WeChat Pay's public key and without apiV3Key none of its answers can be verified",
    )
}

export function togetherOnly(): ApiError {
  return wrong(
    '微信支付公钥的 ID 与内容要一起填写',
    "publicKeyId and publicKey of WeChat Pay's public key are entered together",
  )
}

function readAppIds(given: readonly string[]): string[] {
  const appIds = readSet(
    given.map(one => one.trim()),
    'appIds',
    appIdsAtMost,
  )
  if (appIds.length === 0) throw new ApiError('missingParameter', 'appIds')
  for (const appId of appIds)
    if (!/^w[wx][0-9a-zA-Z]{1,30}$/.test(appId))
      throw wrong(
        `AppID ${appId} 应以 wx（公众号、小程序）或 ww（企业 ID）开头`,
        `appIds: ${appId} should begin with wx (an account, a mini-program) or ww (a corpId)`,
      )
  return appIds
}

function readSerial(given: string): string {
  const serial = given.replace(/[\s:]/g, '').toUpperCase()
  if (!/^[0-9A-F]{40}$/.test(serial))
    throw wrong(
      '证书序列号应为 40 位十六进制数（商户平台「API安全 → 商户API证书 → 管理证书」）',
      "serial should be the 40 hex digits of the merchant's API certificate",
    )
  return serial
}

function readPrivateKey(given: string): string {
  const pem = readPem(given, 'privateKey')
  if (!/^-----BEGIN (RSA )?PRIVATE KEY-----/.test(pem))
    throw wrong(
      `商户私钥应为 apiclient_key.pem 的全部内容${insteadOf(pem).zh}`,
      `privateKey should be the whole of apiclient_key.pem${insteadOf(pem).en}`,
    )
  checkRsa(
    keyIn(() => createPrivateKey(pem)),
    { zh: '商户私钥', en: 'privateKey' },
  )
  return pem
}

function readCertificate(given: string): string {
  if (given.trim() === '') return ''
  const pem = readPem(given, 'certificate')
  if (!pem.startsWith('-----BEGIN CERTIFICATE-----'))
    throw wrong(
      `商户 API 证书应为 apiclient_cert.pem 的全部内容${insteadOf(pem).zh}`,
      `certificate should be the whole of apiclient_cert.pem${insteadOf(pem).en}`,
    )
  if (!parsed(pem)) throw wrong('商户 API 证书不完整或已损坏', 'certificate is cut off or damaged')
  return pem
}

/** A certificate is kept with its own serial alone. Throws 1000. */
export function checkCertificate({ certificate, serial }: { certificate: string; serial: string }): void {
  const own = parsed(certificate)?.serialNumber
  if (own === undefined || own === serial) return
  throw wrong(
    `证书序列号 ${serial} 与 apiclient_cert.pem 的序列号 ${own} 不一致`,
    `serial ${serial} is not that of certificate, ${own}`,
  )
}

/** When it ends; undefined where there is none, or one of another serial. */
export function certificateEnd({
  certificate,
  serial,
}: {
  certificate: string
  serial: string
}): Date | undefined {
  const read = parsed(certificate)
  return read?.serialNumber === serial ? read.validToDate : undefined
}

function parsed(certificate: string): X509Certificate | undefined {
  if (certificate === '') return undefined
  try {
    return new X509Certificate(certificate)
  } catch {
    return undefined
  }
}

function checkApiV3Key(given: string): void {
  if (given !== '' && !/^[\x21-\x7e]{32}$/.test(given))
    throw wrong('APIv3 密钥应为 32 位字母或数字', 'apiV3Key should be 32 ASCII characters')
}

function readPublicKeyId(given: string): string {
  const id = given.trim()
  if (id !== '' && !/^PUB_KEY_ID_\d{1,64}$/.test(id))
    throw wrong(
      '微信支付公钥 ID 应为 PUB_KEY_ID_ 加数字',
      'publicKeyId should be PUB_KEY_ID_ followed by digits',
    )
  return id
}

function readPublicKey(given: string): string {
  if (given.trim() === '') return ''
  const pem = readPem(given, 'publicKey')
  if (!pem.startsWith('-----BEGIN PUBLIC KEY-----'))
    throw wrong(
      `微信支付公钥应为 pub_key.pem 的全部内容${insteadOf(pem).zh}`,
      `publicKey should be the whole of pub_key.pem${insteadOf(pem).en}`,
    )
  checkRsa(
    keyIn(() => createPublicKey(pem)),
    { zh: '微信支付公钥', en: 'publicKey' },
  )
  return pem
}

const pemAtMost = 8000

function readPem(given: string, name: string): string {
  const pem = given.replace(/\r\n?/g, '\n').trim()
  checkText(pem, name, pemAtMost, true)
  if (pem === '') throw new ApiError('missingParameter', told`${own(name)}`)
  return `${pem}\n`
}

/** Which of the files that lie beside each other was taken instead. */
function insteadOf(pem: string): Words {
  if (pem.includes('BEGIN CERTIFICATE')) return { zh: '，给出的是证书', en: ': this is a certificate' }
  if (pem.includes('ENCRYPTED')) return { zh: '，给出的私钥有密码', en: ': this key has a password' }
  if (pem.includes('PUBLIC KEY')) return { zh: '，给出的是公钥', en: ': this is a public key' }
  if (pem.includes('PRIVATE KEY')) return { zh: '，给出的是私钥', en: ': this is a private key' }
  return { zh: '，以 -----BEGIN 开头', en: ', beginning with -----BEGIN' }
}

function keyIn(read: () => KeyObject): KeyObject | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function checkRsa(key: KeyObject | undefined, name: Words): void {
  if (!key) throw wrong(`${name.zh}不完整或已损坏`, `${name.en} is cut off or damaged`)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < rsaBitsAtLeast)
    throw wrong(`${name.zh}应为 RSA，至少 2048 位`, `${name.en} should be RSA of at least 2048 bits`)
}

function readPath(given: string): string {
  const path = given.trim().replace(/^\/+/, '')
  if (!/^[\w\-./?=&%]{0,128}$/.test(path))
    throw wrong('小程序支付页应为页面路径，如 pages/pay/index', 'miniProgram should be the path of a page')
  return path
}

function wrong(zh: string, en: string): ApiError {
  return new ApiError('badParameter', wordsOfOthers({ zh, en }))
}
