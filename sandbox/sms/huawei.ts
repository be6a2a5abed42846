import { createHash, randomUUID } from 'node:crypto'
import { deliver, overLimit } from './deliver.ts'
import { type Phone, phoneOf } from './numbers.ts'
import { header, VendorError, type VendorRequest } from './vendor.ts'
import type { SmsWorld } from './world.ts'

const success = '000000'

/** Huawei Cloud's batchSendSms (docs/upstream/sms.md#huawei-cloud); every error it throws is a {@link VendorError}. */
export function runHuawei(world: SmsWorld, request: VendorRequest): object {
  checkWsse(world, request)
  const form = new URLSearchParams(request.body)
  const account = world.sms.accounts.huawei
  const template = account.templates.find(one => one.id === form.get('templateId'))
  const numbers = (form.get('to') ?? '').split(',').filter(Boolean)
  if (numbers.length === 0 || numbers.length > 500) throw new VendorError('E000503', 'to is invalid')
  if (!template) throw new VendorError('E000620', 'the template does not exist')
  const params = paramsOf(form.get('templateParas'))
  if (params.length !== template.params.length) throw new VendorError('E000503', 'templateParas is invalid')
  const phones = numbers.map(number => [number, phoneOf(number)] as const)
  const isMainland = phones.some(([, phone]) => phone?.mainland)
  if (isMainland && form.get('from') !== account.channelNumber)
    throw new VendorError('E000510', 'the sender is not that of the signature')
  const text = template.text.replaceAll(/\$\{(\d+)\}/g, (all, index) => params[Number(index) - 1] ?? all)
  const context = new URL(form.get('statusCallback') || 'x:').searchParams.get('id') ?? ''
  const createTime = new Date(world.now()).toISOString().replace(/\.\d+Z$/, 'Z')
  const result = phones.map(([originTo, phone]) => {
    const smsMsgId = `${randomUUID()}_${randomUUID().slice(0, 8)}`
    const status = refusalOf(world, phone)
    if (!phone || status !== success) return { originTo, createTime, from: '', smsMsgId, status }
    const sms = {
      vendor: 'huawei' as const,
      phone: phone.e164,
      signName: account.signName,
      params,
      text,
      context,
    }
    deliver(world, { ...sms, templateId: template.id, serial: smsMsgId }, world.sms.refused.get(phone.e164))
    return { originTo, createTime, from: form.get('from') ?? '', smsMsgId, status }
  })
  const isWhole = result.every(one => one.status === success)
  return { code: isWhole ? success : 'E000510', description: isWhole ? 'Success' : 'some failed', result }
}

/** A vendor code refuses the number; any other is the carrier's later report. */
function refusalOf(world: SmsWorld, phone: Phone | undefined): string {
  if (!phone) return 'E200015'
  const told = world.sms.refused.get(phone.e164)
  if (told !== undefined && /^E\d{6}$/.test(told)) return told
  return overLimit(world, phone.e164) ? 'E200028' : success
}

function paramsOf(text: string | null): string[] {
  try {
    const list: unknown = JSON.parse(text || '[]')
    if (Array.isArray(list) && list.every(one => typeof one === 'string')) return list
  } catch {}
  throw new VendorError('E000503', 'templateParas is no list of texts')
}

/** Both forms of the digest are taken: clients in use send either. */
function checkWsse(world: SmsWorld, request: VendorRequest): void {
  const { appKey, appSecret } = world.sms.accounts.huawei
  if (!header(request, 'authorization').startsWith('WSSE realm="SDP",profile="UsernameToken",type="Appkey"'))
    throw new VendorError('E000001', 'Authorization is invalid', 401)
  const wsse = header(request, 'x-wsse')
  const partOf = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(wsse)?.[1] ?? ''
  if (partOf('Username') !== appKey) throw new VendorError('E000015', 'there is no such app', 401)
  const hash = createHash('sha256')
    .update(`${partOf('Nonce')}${partOf('Created')}${appSecret}`)
    .digest()
  const digests = [hash.toString('base64'), Buffer.from(hash.toString('hex')).toString('base64')]
  if (!digests.includes(partOf('PasswordDigest')))
    throw new VendorError('E000027', 'PasswordDigest is wrong', 401)
}
