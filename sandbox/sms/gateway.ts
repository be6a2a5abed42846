/** Three SMS gateways as organisations have them, one for each sample of the form (docs/upstream/sms.md#gateways). */

import { createHash, createHmac, randomInt } from 'node:crypto'
import { deliver } from './deliver.ts'
import { phoneOf } from './numbers.ts'
import { header, VendorError, type VendorRequest } from './vendor.ts'
import type { SmsWorld } from './world.ts'

export const gateways = ['json', 'mas', 'xml'] as const
export type Gateway = (typeof gateways)[number]

type GatewaySms = { id: string; mobiles: string[] }
type GatewayRequest = Omit<VendorRequest, 'body'> & { body: Buffer }

/** `read` checks a call and says what to send; `tell` words an answer, where '' is success. */
const kinds: Record<
  Gateway,
  {
    read(
      world: SmsWorld,
      request: GatewayRequest,
    ): { mobiles: string; text: string; sign: string; id: string }
    tell(code: string, sent: GatewaySms): { body: string; type: string }
  }
> = {
  json: {
    read(world, request) {
      const {
        mobile = '',
        content = '',
        requestId = '',
      } = JSON.parse(request.body.toString()) as Record<string, string>
      const { key, signName } = world.sms.accounts.gateway
      const signed = `${header(request, 'x-timestamp')}${mobile}${content}`
      if (createHmac('sha256', key).update(signed).digest('hex') !== header(request, 'x-signature'))
        throw new VendorError('401', 'bad signature')
      return { mobiles: mobile, text: content, sign: signName, id: requestId }
    },
    tell: (code, { id }) => ({
      body: JSON.stringify(
        code ? { code: Number(code) || code, message: 'failed' } : { code: 0, data: { msgId: id } },
      ),
      type: 'application/json',
    }),
  },
  mas: {
    read(world, request) {
      const form = new Map(bytesOfForm(request.body))
      const bytesOf = (name: string) => form.get(name) ?? Buffer.alloc(0)
      const textOf = (name: string) => new TextDecoder('gbk').decode(bytesOf(name))
      const { key } = world.sms.accounts.gateway
      const signed = [bytesOf('ecName'), Buffer.from(key), bytesOf('mobiles'), bytesOf('content')]
      if (createHash('md5').update(Buffer.concat(signed)).digest('hex') !== textOf('mac'))
        throw new VendorError('IllegalMac', 'mac is wrong')
      return { mobiles: textOf('mobiles'), text: textOf('content'), sign: textOf('ecName'), id: '' }
    },
    tell: (code, { id }) => ({
      body: JSON.stringify({ success: !code, rspcod: code || 'success', msgGroup: id }),
      type: 'application/json; charset=GBK',
    }),
  },
  xml: {
    read(world, request) {
      const text = request.body.toString()
      const partOf = (name: string) =>
        unescaped(new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '')
      const mobile = partOf('mobile')
      const { key } = world.sms.accounts.gateway
      if (createHash('md5').update(`${key}${mobile}`).digest('hex').toUpperCase() !== partOf('password'))
        throw new VendorError('Faild', 'password is wrong')
      return { mobiles: mobile, text: partOf('content'), sign: partOf('account'), id: '' }
    },
    tell: (code, { id }) => ({
      body: `<?xml version="1.0" encoding="utf-8"?><returnsms><returnstatus>${code || 'Success'}</returnstatus><message>${code || 'ok'}</message><taskID>${id}</taskID></returnsms>`,
      type: 'text/xml; charset=utf-8',
    }),
  },
}

const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const unescaped = (text: string) =>
  text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name) => names[name] ?? '')

/** The values as bytes, whatever charset they are in. */
function bytesOfForm(body: Buffer): [string, Buffer][] {
  const bytes = (text: string) =>
    Buffer.from(
      text
        .replaceAll('+', ' ')
        .replaceAll(/%([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    )
  return body
    .toString('latin1')
    .split('&')
    .map(pair => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), bytes(pair.slice(at + 1))]
    })
}

/** Sends, and returns what the gateway answers. A number that is refused refuses the call. */
export function runGateway(world: SmsWorld, name: Gateway, request: GatewayRequest): GatewaySms {
  const { mobiles, text, sign, id } = kinds[name].read(world, request)
  const serial = String(randomInt(100_000_000, 999_999_999))
  const phones = mobiles.split(',').map(phoneOf)
  if (phones.some(phone => !phone))
    throw new VendorError(name === 'json' ? '403' : 'InvalidMobile', 'bad number')
  for (const phone of phones) {
    const sms = { vendor: name, phone: phone!.e164, signName: sign, templateId: '', params: [], serial }
    deliver(world, { ...sms, text, context: id, isSigned: true }, world.sms.refused.get(phone!.e164))
  }
  return { id: serial, mobiles: mobiles.split(',') }
}

export const tellGateway = (name: Gateway, code: string, sent: GatewaySms = { id: '', mobiles: [] }) =>
  kinds[name].tell(code, sent)
