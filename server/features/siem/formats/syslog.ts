/** Messages of RFC 5424 and their frames on a stream, RFC 5425 and RFC 6587 (docs/upstream/siem.md#syslog). */

import { cutTo, messageBytes, plain } from './limits.ts'

/** `octets`: the length in bytes before each message. `lf`: a line feed behind each. */
export type FrameKind = 'octets' | 'lf'

export const facilities = { audit: 13, alert: 14 } as const
export const severities = { error: 3, warning: 4, notice: 5, info: 6 } as const

export type SyslogMessage = {
  facility: number
  severity: number
  /** As RFC 3339 has it, with at most six digits of a second. */
  time: string
  host: string
  app: string
  procId?: string
  msgId: string
  /** The private enterprise number in the name of the structured data. */
  pen: number
  data: Readonly<Record<string, string>>
  message: string
  /** For a message that is no text, such as CEF, whose readers want its first characters. */
  withoutBom?: boolean
}

const valueBytes = 512

/** One message without its frame. What is longer than receivers take is cut at its end. */
export function syslogLine(one: SyslogMessage): string {
  const head = [
    `<${one.facility * 8 + one.severity}>1`,
    one.time,
    printable(one.host, 255),
    printable(one.app, 48),
    printable(one.procId ?? '', 128),
    printable(one.msgId, 32),
    structured(one),
  ].join(' ')
  const begin = one.withoutBom ? ' ' : ' \ufeff'
  const left = messageBytes - Buffer.byteLength(head + begin)
  return head + begin + cutTo(plain(one.message), left)
}

export function framed(line: string, framing: FrameKind): string {
  return framing === 'lf' ? `${line}\n` : `${Buffer.byteLength(line)} ${line}`
}

/** Printable ASCII without spaces, `-` for nothing. */
function printable(text: string, max: number): string {
  return text.replace(/[^\x21-\x7e]+/g, '_').slice(0, max) || '-'
}

function structured({ data, pen }: SyslogMessage): string {
  const given = Object.entries(data).filter(([, value]) => value !== '')
  const values = given.map(([name, value]) => ` ${parameter(name)}="${escaped(value)}"`)
  return `[wisp@${pen}${values.join('')}]`
}

function parameter(name: string): string {
  return name.replace(/[^\x21-\x7e]|[="\]]/g, '_').slice(0, 32)
}

function escaped(value: string): string {
  return cutTo(plain(value), valueBytes).replace(/["\\\]]/g, found => `\\${found}`)
}
