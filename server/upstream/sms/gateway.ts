/**
 * An SMS gateway that an organisation has already: its administrators say what a call looks like and what its answers mean
 * (docs/upstream/sms.md#gateways).
 */

import { createHash, createHmac, randomBytes } from 'node:crypto'
import { parseDocument } from '../transport/xml.ts'
import { encodeGbk } from './gbk.ts'
import { localNumber, type SmsOutcome, type SmsRequest, type SmsVendor } from './vendor.ts'

export const digests = ['none', 'md5', 'sha1', 'sha256', 'hmac-md5', 'hmac-sha1', 'hmac-sha256'] as const

export type GatewaySettings = {
  url: string
  method: 'POST' | 'GET'
  format: 'form' | 'json' | 'xml'
  charset: 'utf-8' | 'gbk'
  /** One `Name: value` a line. */
  headers?: string
  body?: string
  key?: string
  digest: (typeof digests)[number]
  digestOf?: string
  digestAs: 'hex' | 'HEX' | 'base64'
  /** `path=value|value…`: what an answer has that means sent, or refused. Whatever else comes is unclear. */
  sentWhen: string
  refusedWhen?: string
  /** Where the answer has the gateway's own id. */
  serialAt?: string
  /** How many numbers a call takes. */
  numbers: number
}

export type GatewayCall = (call: {
  url: string
  method: 'POST' | 'GET'
  headers: Record<string, string>
  body: Buffer
}) => Promise<{ status: number; body: Buffer }>

/** A gateway keeps no record that could be asked. `now` in ms. */
export function gatewaySms(settings: GatewaySettings, call: GatewayCall, now: () => number): SmsVendor {
  return {
    async send(request) {
      if (request.phones.length > settings.numbers) return { kind: 'tooMany', size: settings.numbers }
      const answer = await call(callOf(settings, request, now()))
      return readAnswer(settings, answer)
    },
  }
}

/** What a body, an address and headers may name. */
export const placeholder = /\{(mobile|e164|text|signName|key|digest|id|time|timestamp|nonce|params\.\d+)\}/g

/** The call that a send makes. */
export function callOf(
  settings: GatewaySettings,
  { phones, text, signName, params, context }: SmsRequest,
  now: number,
): Parameters<GatewayCall>[0] {
  const { charset, format, method } = settings
  const encode = (given: string) => (charset === 'gbk' ? encodeGbk(given) : Buffer.from(given))
  const values: Record<string, string> = {
    mobile: phones.map(localNumber).join(),
    e164: phones.join(),
    text,
    signName,
    key: settings.key ?? '',
    id: context,
    time: new Date(now + 8 * 3_600_000).toISOString().slice(0, 19).replaceAll(/[-T:]/g, ''),
    timestamp: String(now),
    nonce: randomBytes(8).toString('hex'),
    ...Object.fromEntries(params.map(({ value }, index) => [`params.${index + 1}`, value])),
  }
  const filled = (template: string, written: (value: string) => string) =>
    template.replace(placeholder, (_, name: string) => written(values[name] ?? ''))
  values['digest'] = digestOf(settings, encode(filled(settings.digestOf ?? '', asIs)))
  const inUrl = (value: string) => percentEncoded(encode(value))
  const escaped = { form: inUrl, json: inJson, xml: inXml }[format]
  const headers = Object.fromEntries(
    headerLines(settings.headers).map(([name, value]) => [name, filled(value, inHeader)]),
  )
  return {
    url: filled(settings.url, inUrl),
    method,
    headers:
      method === 'GET' ? headers : { 'content-type': `${types[format]}; charset=${charset}`, ...headers },
    body: method === 'GET' ? Buffer.alloc(0) : encode(filled(settings.body ?? '', escaped)),
  }
}

const types = { form: 'application/x-www-form-urlencoded', json: 'application/json', xml: 'text/xml' }

/** A line without a colon has no value. */
export function headerLines(text = ''): [name: string, value: string][] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
    .map(line => {
      const at = line.indexOf(':')
      return at < 0 ? [line, ''] : [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]
    })
}

const asIs = (value: string) => value
const inHeader = (value: string) => value.replaceAll(/[^\x20-\x7e]/g, '')
const inJson = (value: string) => JSON.stringify(value).slice(1, -1)
const xmlNames: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
const inXml = (value: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no place for them.
  value.replaceAll(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '').replaceAll(/[&<>"']/g, one => xmlNames[one] ?? one)

function percentEncoded(bytes: Buffer): string {
  return [...bytes]
    .map(byte => {
      const one = String.fromCharCode(byte)
      return /[A-Za-z0-9._~-]/.test(one) ? one : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}

function digestOf({ digest, digestAs, key = '' }: GatewaySettings, bytes: Buffer): string {
  if (digest === 'none') return ''
  const [kind, hash = kind] = digest.split('-')
  const made = (kind === 'hmac' ? createHmac(hash!, key) : createHash(hash!)).update(bytes)
  if (digestAs === 'base64') return made.digest('base64')
  const hex = made.digest('hex')
  return digestAs === 'HEX' ? hex.toUpperCase() : hex
}

const saidAtMost = 300

/** An answer that is not the gateway's own, such as a proxy's page, fits no rule and is unclear; so is one with HTTP 5xx. */
export function readAnswer(
  settings: GatewaySettings,
  { status, body }: { status: number; body: Buffer },
): SmsOutcome {
  const text = new TextDecoder(settings.charset).decode(body)
  const message = `HTTP ${status} ${text.slice(0, saidAtMost)}`.trim()
  const valueAt = reader(text, status)
  if (status < 500 && fits(settings.refusedWhen, valueAt))
    return { kind: 'refused', code: '', message, class: 'notSent', mend: 'settings' }
  if (status < 500 && fits(settings.sentWhen, valueAt))
    return { kind: 'sent', serial: settings.serialAt ? (valueAt(settings.serialAt) ?? '') : '', refused: [] }
  return { kind: 'unsure', message }
}

/** `path=value|value*`. An empty path is the whole answer, `http` its status; `*` at the end stands for anything. */
const rule = /^([\w.:-]*)=(.+)$/

export const isRule = (text: string): boolean => rule.test(text.trim())

function fits(text: string | undefined, valueAt: (path: string) => string | undefined): boolean {
  const [, path = '', values = ''] = rule.exec(text?.trim() ?? '') ?? []
  const value = values && valueAt(path)
  if (typeof value !== 'string') return false
  return values
    .split('|')
    .some(one => (one.endsWith('*') ? value.startsWith(one.slice(0, -1)) : value === one))
}

function reader(text: string, status: number): (path: string) => string | undefined {
  const document = documentOf(text)
  return path => {
    if (path === '') return text.trim()
    if (path === 'http') return String(status)
    let at: unknown = document
    for (const name of path.split('.'))
      at =
        typeof at === 'object' && at !== null && Object.hasOwn(at, name)
          ? (at as Record<string, unknown>)[name]
          : undefined
    return ['string', 'number', 'boolean'].includes(typeof at) ? String(at) : undefined
  }
}

function documentOf(text: string): unknown {
  try {
    if (!text.trimStart().startsWith('<')) return JSON.parse(text)
    const { name, value } = parseDocument(text)
    return { [name]: value }
  } catch {
    return undefined
  }
}
