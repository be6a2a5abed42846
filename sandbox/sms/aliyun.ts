import { randomInt } from 'node:crypto'
import type { Input } from '../http/input.ts'
import type { SmsEntry } from '../messages/entry.ts'
import { checkAcs3, checkRpc } from './aliyun-auth.ts'
import { deliver, overLimit } from './deliver.ts'
import { localNumber, type Phone, phoneOf } from './numbers.ts'
import { header, required, VendorError, type VendorRequest } from './vendor.ts'
import type { SmsWorld } from './world.ts'

/** The actions of Aliyun's dysmsapi that are answered (docs/upstream/sms.md#aliyun). */
const actions: Readonly<Record<string, (world: SmsWorld, input: Input) => object>> = {
  SendSms: sendSms,
  SendBatchSms: sendBatch,
  QuerySendDetails: queryDetails,
  QuerySmsSign: querySign,
}

/** The name of the action; its place depends on the signature version. */
export function aliyunAction(request: VendorRequest): string {
  return header(request, 'x-acs-action') || (new Map(paramsOf(request)).get('Action') ?? '')
}

const pairs = (text: string): [string, string][] => [...new URLSearchParams(text)]

function paramsOf(request: VendorRequest): [string, string][] {
  const form = /^application\/x-www-form-urlencoded\b/i.test(header(request, 'content-type'))
  return [...pairs(request.query), ...(form ? pairs(request.body) : [])]
}

/** Runs one call; every error it throws is a {@link VendorError}. */
export function runAliyun(world: SmsWorld, request: VendorRequest): object {
  const { accounts, nonces } = world.sms
  const signing = { account: accounts.aliyun, nonces, nowMs: world.now() }
  const params = paramsOf(request)
  const acs3 = header(request, 'x-acs-action') !== ''
  if (acs3) checkAcs3(request, pairs(request.query), signing)
  else checkRpc(request.method, params, signing)
  const input = Object.fromEntries(params)
  if ((acs3 ? header(request, 'x-acs-version') : input['Version']) !== '2017-05-25')
    throw new VendorError('InvalidVersion', 'Specified parameter Version is not valid.', 400)
  const name = aliyunAction(request)
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (!action) throw new VendorError('InvalidAction.NotFound', 'Specified api is not found.', 404)
  return { Code: 'OK', Message: 'OK', ...action(world, input) }
}

const missing = (key: string): VendorError =>
  new VendorError(`Missing${key}`, `${key} is mandatory for this action.`, 400)

interface Draft {
  phone: Phone
  signName: string
  templateCode: string
  params: Record<string, unknown>
}

/** Aliyun answers with one code for all numbers: when one number is invalid, nothing is sent. */
function sendSms(world: SmsWorld, input: Input): object {
  const numbers = required(input, 'PhoneNumbers', missing).split(',')
  if (numbers.length > 1000)
    throw new VendorError('isv.MOBILE_COUNT_OVER_LIMIT', '手机号码数量超过限制，最多支持1000条')
  const signName = required(input, 'SignName', missing)
  const templateCode = required(input, 'TemplateCode', missing)
  const params = jsonObject(input['TemplateParam'])
  const phones = numbers.map(validPhone)
  if (new Set(phones.map(phone => phone.mainland)).size > 1) throw badNumber()
  return sendAll(
    world,
    phones.map(phone => ({ phone, signName, templateCode, params })),
    input['OutId'],
  )
}

function sendBatch(world: SmsWorld, input: Input): object {
  const templateCode = required(input, 'TemplateCode', missing)
  const numbers = jsonList(required(input, 'PhoneNumberJson', missing))
  const names = jsonList(required(input, 'SignNameJson', missing))
  const params =
    typeof input['TemplateParamJson'] === 'string' ? jsonList(input['TemplateParamJson']) : undefined
  if (numbers.length > 100)
    throw new VendorError('isv.MOBILE_COUNT_OVER_LIMIT', '手机号码数量超过限制，最多支持100条')
  if (names.length !== numbers.length || (params && params.length !== numbers.length))
    throw new VendorError('isv.INVALID_PARAMETERS', '号码、签名、变量的数量不一致')
  const drafts = numbers.map((number, index) => ({
    phone: validPhone(String(number)),
    signName: String(names[index]),
    templateCode,
    params: objectOf(params?.[index] ?? {}),
  }))
  return sendAll(world, drafts, input['OutId'])
}

/** Checks all messages before the first one is sent. */
function sendAll(world: SmsWorld, drafts: Draft[], outId: unknown): object {
  const { signName, templates } = world.sms.accounts.aliyun
  const ready = drafts.map(draft => {
    const template = templates.find(item => item.code === draft.templateCode)
    if (!template) throw new VendorError('isv.SMS_TEMPLATE_ILLEGAL', '该账号下找不到对应模板')
    if (draft.signName !== signName)
      throw new VendorError('isv.SMS_SIGNATURE_ILLEGAL', '该账号下找不到对应签名')
    const params = template.params.map(name => {
      const value = draft.params[name]
      if (typeof value !== 'string' && typeof value !== 'number')
        throw new VendorError('isv.TEMPLATE_MISSING_PARAMETERS', `模板变量缺少对应参数值：${name}`)
      return String(value)
    })
    const { e164 } = draft.phone
    // A vendor code refuses the call. Any other code is the carrier's later report.
    const told = world.sms.refused.get(e164)
    if (told !== undefined && /^is[vp]\./.test(told)) throw new VendorError(told, '沙箱拒绝该号码')
    if (overLimit(world, e164)) throw new VendorError('isv.BUSINESS_LIMIT_CONTROL', '触发云通信流控限制')
    const text = template.text.replaceAll(
      /\$\{(\w+)\}/g,
      (_, name) => params[template.params.indexOf(name)] ?? '',
    )
    return { e164, params, text, told }
  })
  const serial = `${randomInt(100_000_000, 999_999_999)}${randomInt(100_000_000, 999_999_999)}^0`
  const context = typeof outId === 'string' ? outId : ''
  for (const [index, { e164, params, text, told }] of ready.entries()) {
    const { templateCode } = drafts[index]!
    const sms = { vendor: 'aliyun' as const, phone: e164, signName, templateId: templateCode, params, text }
    deliver(world, { ...sms, serial, context }, told)
  }
  return { BizId: serial }
}

/** There is one sign, and it is approved. */
function querySign(world: SmsWorld, input: Input): object {
  const signName = required(input, 'SignName', missing)
  if (signName !== world.sms.accounts.aliyun.signName)
    throw new VendorError('isv.SMS_SIGNATURE_ILLEGAL', '该账号下找不到对应签名')
  return { SignName: signName, SignStatus: 1 }
}

const badNumber = (): VendorError => new VendorError('isv.MOBILE_NUMBER_ILLEGAL', '号码格式错误')

function validPhone(number: string): Phone {
  const phone = phoneOf(number)
  if (!phone) throw badNumber()
  return phone
}

const notJson = (): VendorError => new VendorError('isv.INVALID_JSON_PARAM', '参数格式错误，请修改为字符串值')

function jsonObject(text: unknown): Record<string, unknown> {
  if (text === undefined || text === '') return {}
  return objectOf(json(text))
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notJson()
  return value as Record<string, unknown>
}

function jsonList(text: unknown): unknown[] {
  const value = json(text)
  if (!Array.isArray(value)) throw notJson()
  return value
}

function json(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    throw notJson()
  }
}

/** The SMS to one number on one day in China, newest first. */
function queryDetails(world: SmsWorld, input: Input): object {
  const phone = validPhone(required(input, 'PhoneNumber', missing))
  const date = required(input, 'SendDate', missing)
  const size = pageNumber(input, 'PageSize', 50)
  const page = pageNumber(input, 'CurrentPage', 1_000_000)
  const bizId = input['BizId']
  const entries = world.messages
    .numbersOf(phone.e164)
    .map(n => world.messages.entry(n) as SmsEntry)
    .filter(
      entry => entry.vendor === 'aliyun' && chinaTime(entry.at).slice(0, 10).replaceAll('-', '') === date,
    )
    .filter(entry => !bizId || entry.serial === bizId)
    .reverse()
  const shown = entries.slice((page - 1) * size, page * size)
  return { TotalCount: entries.length, SmsSendDetailDTOs: { SmsSendDetailDTO: shown.map(detail) } }
}

function pageNumber(input: Input, key: string, max: number): number {
  const value = Number(required(input, key, missing))
  if (Number.isInteger(value) && value >= 1 && value <= max) return value
  throw new VendorError(`Invalid${key}`, `Specified parameter ${key} is not valid.`, 400)
}

function detail(entry: SmsEntry): object {
  return {
    PhoneNum: localNumber(entry.phone),
    // 1: waiting for a receipt, 2: failed, 3: delivered.
    SendStatus: entry.state === 'delivered' ? 3 : 2,
    ErrCode: entry.state === 'delivered' ? 'DELIVERED' : (entry.reason ?? ''),
    TemplateCode: entry.templateId,
    Content: entry.text,
    SendDate: chinaTime(entry.at),
    ReceiveDate: chinaTime(entry.at),
    OutId: entry.context,
  }
}

const chinaTime = (iso: string): string =>
  new Date(Date.parse(iso) + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
