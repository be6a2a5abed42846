import { randomUUID } from 'node:crypto'
import type { Input } from '../http/input.ts'
import type { SmsEntry } from '../messages/entry.ts'
import { deliver, overLimit, partsOf } from './deliver.ts'
import { localNumber, type Phone, phoneOf } from './numbers.ts'
import { checkTc3 } from './tencent-auth.ts'
import { header, required, VendorError, type VendorRequest } from './vendor.ts'
import type { SmsWorld } from './world.ts'

/** The actions of Tencent Cloud SMS that are answered (docs/upstream/sms.md#tencent-cloud). */
const actions: Readonly<Record<string, (world: SmsWorld, input: Input) => object>> = {
  SendSms: sendSms,
  PullSmsSendStatus: pullStatus,
  PullSmsSendStatusByPhoneNumber: pullStatusOfNumber,
  SmsPackagesStatistics: packages,
}

/** Runs one call; every error it throws is a {@link VendorError}. */
export function runTencent(world: SmsWorld, request: VendorRequest): object {
  checkTc3(request, world.sms.accounts.tencent, world.now())
  const name = header(request, 'x-tc-action')
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (!action) throw new VendorError('InvalidAction', `there is no action ${name}`)
  if (header(request, 'x-tc-version') !== '2021-01-11')
    throw new VendorError('NoSuchVersion', 'the version is 2021-01-11')
  if (header(request, 'x-tc-region') === '') throw missing('X-TC-Region')
  let input: unknown
  try {
    input = JSON.parse(request.body)
  } catch {
    throw new VendorError('InvalidParameter', 'the body is not JSON')
  }
  if (typeof input !== 'object' || input === null)
    throw new VendorError('InvalidParameter', 'the body is no object')
  return action(world, input as Input)
}

const missing = (key: string): VendorError => new VendorError('MissingParameter', `${key} is missing`)

function checkApp(world: SmsWorld, input: Input): void {
  if (required(input, 'SmsSdkAppId', missing) !== world.sms.accounts.tencent.sdkAppId)
    throw new VendorError('InvalidParameterValue.SdkAppIdNotExist', 'there is no such SmsSdkAppId')
}

interface Draft {
  numbers: string[]
  phones: (Phone | undefined)[]
  signName: string
  templateId: string
  params: string[]
  context: string
}

/**
 * Reads a send. Errors of the whole call are thrown here; those of sign name, template, parameters and
 * numbers are reported per number.
 */
function readSend(world: SmsWorld, input: Input): Draft {
  const numbers = texts(input, 'PhoneNumberSet')
  if (numbers.length === 0) throw missing('PhoneNumberSet')
  if (numbers.length > 200)
    throw new VendorError('LimitExceeded.PhoneNumberCountLimit', 'at most 200 numbers in one call')
  checkApp(world, input)
  const templateId = required(input, 'TemplateId', missing)
  const phones = numbers.map(phoneOf)
  if (phones.some(phone => phone?.mainland) && phones.some(phone => phone?.mainland === false))
    throw new VendorError(
      'UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber',
      'mainland and foreign numbers cannot be mixed',
    )
  const context = typeof input['SessionContext'] === 'string' ? input['SessionContext'] : ''
  if (Buffer.byteLength(context) >= 512)
    throw new VendorError('InvalidParameter', 'SessionContext must be shorter than 512 bytes')
  const signName = typeof input['SignName'] === 'string' ? input['SignName'] : ''
  return { numbers, phones, signName, templateId, params: texts(input, 'TemplateParamSet'), context }
}

function texts(input: Input, key: string): string[] {
  const value = input[key] ?? []
  if (!Array.isArray(value) || value.some(item => typeof item !== 'string'))
    throw new VendorError('InvalidParameterValue.TemplateParameterFormatError', `${key} must be strings`)
  return value as string[]
}

function sendSms(world: SmsWorld, input: Input): object {
  const draft = readSend(world, input)
  const template = world.sms.accounts.tencent.templates.find(item => item.id === draft.templateId)
  const text = template?.text.replaceAll(/\{(\d+)\}/g, (all, index) => draft.params[Number(index) - 1] ?? all)
  const general = refusalOfAll(world, draft, template?.text, text)
  const rows = draft.numbers.map((number, index) => {
    const phone = draft.phones[index]
    const refusal = general ?? refusalOf(world, phone)
    if (refusal !== undefined || !phone) return failedRow(phone?.e164 ?? number, refusal ?? badNumber, draft)
    const serial = `2640:${randomUUID().replaceAll('-', '')}`
    const { signName, templateId, params, context } = draft
    const sms = {
      vendor: 'tencent' as const,
      phone: phone.e164,
      signName,
      templateId,
      params,
      serial,
      context,
    }
    deliver(world, { ...sms, text: text! }, world.sms.refused.get(phone.e164))
    return row(phone.e164, 'Ok', 'send success', draft, serial, partsOf(text!))
  })
  return { SendStatusSet: rows }
}

type Refusal = [code: string, message: string]
const badNumber: Refusal = ['InvalidParameterValue.IncorrectPhoneNumber', 'incorrect phone number']

function refusalOfAll(
  world: SmsWorld,
  draft: Draft,
  template: string | undefined,
  text = '',
): Refusal | undefined {
  const domestic = draft.phones.some(phone => phone?.mainland)
  if (domestic && draft.signName !== world.sms.accounts.tencent.signName)
    return ['FailedOperation.SignatureIncorrectOrUnapproved', 'signature is not approved or does not exist']
  if (template === undefined)
    return ['FailedOperation.TemplateIncorrectOrUnapproved', 'template is not approved or does not exist']
  if (new Set(template.match(/\{\d+\}/g)).size !== draft.params.length)
    return [
      'FailedOperation.TemplateParamSetNotMatchApprovedTemplate',
      'the number of parameters is not that of the template',
    ]
  if (draft.params.some(param => /https?:\/\//i.test(param)))
    return ['InvalidParameterValue.ProhibitedUseUrlInTemplateParameter', 'a parameter must not be a URL']
  if (text.length > 500) return ['InvalidParameterValue.ContentLengthLimit', 'the text is too long']
  return undefined
}

/** A vendor code (`Word.Word`) refuses the number at once. Any other code is the carrier's later report. */
function refusalOf(world: SmsWorld, phone: Phone | undefined): Refusal | undefined {
  if (!phone) return badNumber
  const told = world.sms.refused.get(phone.e164)
  if (told !== undefined && /^[A-Z]\w+\.\w+$/.test(told)) return [told, 'refused by the sandbox']
  const limit = overLimit(world, phone.e164)
  if (limit === 'interval')
    return ['LimitExceeded.PhoneNumberThirtySecondLimit', 'the number got an SMS a moment ago']
  if (limit === 'day') return ['LimitExceeded.PhoneNumberDailyLimit', 'the number got enough SMS today']
  return undefined
}

const failedRow = (phone: string, [code, message]: Refusal, draft: Draft): object =>
  row(phone, code, message, draft, '', 0)

function row(
  phone: string,
  code: string,
  message: string,
  draft: Draft,
  serial: string,
  fee: number,
): object {
  return {
    SerialNo: serial,
    PhoneNumber: phone,
    Fee: fee,
    SessionContext: draft.context,
    Code: code,
    Message: message,
    IsoCode: phone.startsWith('+86') ? 'CN' : '',
  }
}

function limitOf(input: Input): number {
  const limit = input['Limit']
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > 100)
    throw new VendorError('InvalidParameterValue', 'Limit must be from 1 to 100')
  return limit
}

/** One package, of which nothing was used. */
function packages(world: SmsWorld, input: Input): object {
  checkApp(world, input)
  return { SmsPackagesStatisticsSet: [{ PackageAmount: 10_000, CurrentUsage: 0 }] }
}

/** Returns each receipt only once. */
function pullStatus(world: SmsWorld, input: Input): object {
  checkApp(world, input)
  const limit = limitOf(input)
  const receipts: SmsEntry[] = []
  let upTo = world.sms.pulledTo
  while (receipts.length < limit && upTo < world.messages.size) {
    upTo++
    const entry = world.messages.entry(upTo)
    if (entry?.channel === 'sms' && entry.vendor === 'tencent') receipts.push(entry)
  }
  world.sms.pull(upTo)
  return { PullSmsSendStatusSet: receipts.map(receipt) }
}

/** Returns the receipts of one number within a time span, any number of times. */
function pullStatusOfNumber(world: SmsWorld, input: Input): object {
  checkApp(world, input)
  const limit = limitOf(input)
  const phone = phoneOf(required(input, 'PhoneNumber', missing))
  if (!phone) throw new VendorError(badNumber[0], badNumber[1])
  const begin = Number(input['BeginTime'])
  const end = input['EndTime'] === undefined ? Number.POSITIVE_INFINITY : Number(input['EndTime'])
  if (!(begin >= 0) || !(end >= begin))
    throw new VendorError('InvalidParameterValue.BeginTimeVerifyFail', 'BeginTime and EndTime are no span')
  const entries = world.messages.numbersOf(phone.e164).map(n => world.messages.entry(n) as SmsEntry)
  const receipts = entries.filter(entry => {
    const at = Math.floor(Date.parse(entry.at) / 1000)
    return entry.vendor === 'tencent' && at >= begin && at <= end
  })
  return { PullSmsSendStatusSet: receipts.slice(0, limit).map(receipt) }
}

function receipt(entry: SmsEntry): object {
  return {
    UserReceiveTime: Math.floor(Date.parse(entry.at) / 1000),
    CountryCode: entry.phone.startsWith('+86') ? '86' : '',
    SubscriberNumber: localNumber(entry.phone),
    PhoneNumber: entry.phone,
    SerialNo: entry.serial,
    ReportStatus: entry.state === 'delivered' ? 'SUCCESS' : 'FAIL',
    Description: entry.state === 'delivered' ? 'DELIVRD' : (entry.reason ?? ''),
    SessionContext: entry.context,
  }
}
