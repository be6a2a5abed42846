import { encode, integer, octets, tags } from './ber.ts'
import { oids } from './requests.ts'

export type EntryAttribute = { name: string; values: readonly string[] }

/** An LDAPMessage that ends an operation; `more` follows the message, as the name of an extended answer does. */
export function resultOf(
  id: number,
  tag: number,
  code: number,
  message = '',
  more: readonly Buffer[] = [],
  controls: readonly Buffer[] = [],
): Buffer {
  const body = encode(tag, integer(code, tags.enumerated), octets(''), octets(message), ...more)
  const after = controls.length > 0 ? [encode(0xa0, ...controls)] : []
  return encode(tags.sequence, integer(id), body, ...after)
}

export function entryOf(id: number, dn: string, attributes: readonly EntryAttribute[], typesOnly: boolean) {
  const list = attributes.map(({ name, values }) =>
    encode(
      tags.sequence,
      octets(name),
      encode(tags.set, ...(typesOnly ? [] : values.map(value => octets(value)))),
    ),
  )
  return encode(tags.sequence, integer(id), encode(0x64, octets(dn), encode(tags.sequence, ...list)))
}

/** '' at the last page. */
export function pagingControl(cookie: string): Buffer {
  const value = encode(tags.sequence, integer(0), encode(tags.octets, Buffer.from(cookie, 'latin1')))
  return encode(tags.sequence, octets(oids.paging), encode(tags.octets, value))
}

/** Tells a client why its connection ends (RFC 4511 section 4.4.1). */
export function disconnectionOf(code: number, message: string): Buffer {
  return resultOf(0, 0x78, code, message, [octets(oids.disconnection, 0x8a)])
}
