/** ArcSight's Common Event Format, which goes as the text of a syslog message (docs/upstream/siem.md#cef). */

import { cutTo, messageBytes, plain } from './limits.ts'

export type CefEvent = {
  version: string
  /** What kind of event. */
  id: string
  name: string
  /** 0 to 10. */
  severity: number
  /** In their order; empty ones are left out. */
  extension: readonly (readonly [key: string, value: string])[]
}

/** Syslog's own head and structured data stand before it. */
const cefBytes = messageBytes - 2500
const nameBytes = 512
const valueBytes = 1023

export function cefLine({ version, id, name, severity, extension }: CefEvent): string {
  const head = ['CEF:0', 'wisp', 'wisp', header(version), header(id), header(name), String(severity), '']
  let line = head.join('|')
  for (const [key, value] of extension) {
    if (value === '') continue
    const left = Math.min(valueBytes, cefBytes - Buffer.byteLength(line) - key.length - 2)
    if (left < 8) break
    line += `${line.endsWith('|') ? '' : ' '}${key}=${extended(value, left)}`
  }
  return line
}

function header(text: string): string {
  return cutTo(plain(text), nameBytes).replace(/[\\|]/g, found => `\\${found}`)
}

function extended(text: string, bytes: number): string {
  // Line breaks are the only control characters for which CEF has a form.
  const lines = text.split(/\r\n|\r|\n/).map(plain)
  return cutTo(lines.join('\n'), bytes)
    .replace(/[\\=]/g, found => `\\${found}`)
    .replaceAll('\n', '\\n')
}
