import { idHeader, idsIn } from './bounce-id.ts'

/** What a mail server says of one receiver (RFC 3464). Addresses are in lower case. */
export type BouncedReceiver = { addresses: string[]; status: string; said: string }

/** Those who got nothing, and the ids that the bounce quotes. */
export type Bounce = { ids: string[]; failed: BouncedReceiver[] }

type Part = { headers: Map<string, string[]>; body: string }

const saidAtMost = 300
/** Reports have three parts; whoever writes more wants something else. */
const partsAtMost = 20
const receiversAtMost = 100

/**
 * Reads a report of mail that was not delivered, or the beginning of one; undefined for any other mail. Delays and what was delivered or
 * relayed are left out.
 */
export function parseBounce(raw: string): Bounce | undefined {
  const mail = partOf(raw)
  const type = mail.headers.get('content-type')?.[0] ?? ''
  if (!isReport(type)) return undefined
  const boundary = /;\s*boundary="?([^";\r\n]{1,200})"?/i.exec(type)?.[1]
  if (boundary === undefined) return undefined
  const parts = mail.body
    .split(new RegExp(`(?:^|\\r?\\n)--${RegExp.escape(boundary)}(?:--)?[ \\t]*(?:\\r?\\n|$)`), partsAtMost)
    .slice(1)
    .map(partOf)
  const typed = (pattern: RegExp) =>
    parts.find(one => pattern.test(one.headers.get('content-type')?.[0] ?? ''))
  const report = typed(/^message\/(global-)?delivery-status/i)
  if (!report) return undefined
  const failed = decoded(report)
    .split(/\r?\n[ \t]*\r?\n/)
    .slice(0, receiversAtMost)
    .flatMap(block => failedIn(fieldsOf(block)))
  const original = typed(/^(message\/(global|rfc822)|text\/rfc822-headers|message\/global-headers)/i)
  const quoted = partOf(original ? decoded(original) : '').headers.get(idHeader.toLowerCase()) ?? []
  const envelope = ['to', 'delivered-to', 'x-original-to', 'envelope-to'].flatMap(
    name => mail.headers.get(name) ?? [],
  )
  return { ids: [...new Set([...envelope, ...quoted].flatMap(idsIn))], failed }
}

export function isReport(contentType: string): boolean {
  return /^multipart\/report\b/i.test(contentType) && /report-type="?delivery-status/i.test(contentType)
}

function partOf(text: string): Part {
  const end = /\r?\n\r?\n/.exec(text)
  return {
    headers: fieldsOf(end ? text.slice(0, end.index) : text),
    body: end ? text.slice(end.index + end[0].length) : '',
  }
}

/** Header fields by their names in lower case, unfolded. */
function fieldsOf(text: string): Map<string, string[]> {
  const fields = new Map<string, string[]>()
  for (const line of text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const [, name, value] = /^([\w-]+)[ \t]*:[ \t]*(.*)$/.exec(line) ?? []
    if (name !== undefined)
      fields.getOrInsertComputed(name.toLowerCase(), () => []).push((value ?? '').trim())
  }
  return fields
}

function decoded({ headers, body }: Part): string {
  const encoding = headers.get('content-transfer-encoding')?.[0]?.toLowerCase()
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString()
  if (encoding !== 'quoted-printable') return body
  const bytes = body
    .replace(/=\r?\n/g, '')
    .replace(/=([\dA-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

function failedIn(fields: Map<string, string[]>): BouncedReceiver[] {
  const first = (name: string) => fields.get(name)?.[0] ?? ''
  const addresses = ['final-recipient', 'original-recipient'].flatMap(name => {
    const address = first(name)
      .replace(/^[^;]*;/, '')
      .trim()
      .replace(/^<|>$/g, '')
      .toLowerCase()
    return address.includes('@') ? [address] : []
  })
  const status = /^([45]\.\d{1,3}\.\d{1,3})\b/.exec(first('status'))?.[1]
  if (!status || addresses.length === 0 || !/^failed\b/i.test(first('action'))) return []
  const said = first('diagnostic-code')
    .replace(/^[\w-]+\s*;\s*/, '')
    // PostgreSQL takes no \0, and one bounce that it refuses would keep the mailbox from being read on.
    .replace(/\p{Cc}/gu, ' ')
  return [{ addresses, status, said: said.slice(0, saidAtMost) }]
}
