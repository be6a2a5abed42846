import { BerError, Elements, tags, textOf } from './ber.ts'
import { type Filter, readFilter } from './filter.ts'
import { LdapRefusal } from './refusal.ts'

export const oids = {
  paging: '1.2.840.113556.1.4.319',
  manageDsaIt: '2.16.840.1.113730.3.4.2',
  startTls: '1.3.6.1.4.1.1466.20037',
  whoAmI: '1.3.6.1.4.1.4203.1.11.3',
  disconnection: '1.3.6.1.4.1.1466.20036',
} as const

export type SearchRequest = {
  base: string
  scope: 'base' | 'one' | 'sub'
  sizeLimit: number
  timeLimitSeconds: number
  typesOnly: boolean
  filter: Filter
  attributes: readonly string[]
  /** Undefined where pages were not asked for. */
  paging: { size: number; cookie: string } | undefined
}

export type Operation =
  | { kind: 'bind'; version: number; dn: string; password: Buffer | 'sasl' }
  | { kind: 'unbind' }
  | { kind: 'abandon' }
  | ({ kind: 'search' } & SearchRequest)
  | { kind: 'compare'; dn: string; name: string; value: string }
  | { kind: 'extended'; oid: string }
  | { kind: 'write' }

/** Answers of a request have the tag of its kind. */
export type ReplyPlace = { id: number; tag: number }
export type Message = ReplyPlace & { read: () => Operation }

/** Tag of the request, and of its answer. Requests without one are not answered. */
const answersOf: Readonly<Record<number, number>> = {
  96: 0x61,
  66: 0,
  99: 0x65,
  102: 0x67,
  104: 0x69,
  74: 0x6b,
  108: 0x6d,
  110: 0x6f,
  80: 0,
  119: 0x78,
}

/**
 * One LDAPMessage. `read` reads the operation and throws LdapRefusal for what is answered with a refusal. Both throw BerError for what is
 * no LDAP, which ends the connection.
 */
export function readMessage(frame: Buffer): Message {
  const message = new Elements(frame).within()
  const id = message.integer()
  if (id < 0) throw new BerError('the id of a message is negative')
  const { tag, value } = message.next()
  const answer = answersOf[tag]
  if (answer === undefined) throw new BerError('an operation of this kind does not exist')
  return { id, tag: answer, read: () => readOperation(tag, value, message) }
}

function readOperation(tag: number, value: Buffer, message: Elements): Operation {
  const inside = new Elements(value)
  const operation = operationOf(tag, inside)
  const controls = readControls(message)
  return operation.kind === 'search' ? { ...operation, paging: controls.paging } : operation
}

function operationOf(tag: number, inside: Elements): Operation {
  switch (tag) {
    case 0x60: {
      const [version, dn] = [inside.integer(), inside.text()]
      const proof = inside.next()
      if (proof.tag === 0xa3) return { kind: 'bind', version, dn, password: 'sasl' }
      if (proof.tag !== 0x80) throw new LdapRefusal('authMethod', 'only simple binds are taken')
      return { kind: 'bind', version, dn, password: proof.value }
    }
    case 0x42:
      return { kind: 'unbind' }
    case 0x50:
      return { kind: 'abandon' }
    case 0x63:
      return searchOf(inside)
    case 0x6e: {
      const dn = inside.text()
      const assertion = inside.within()
      return { kind: 'compare', dn, name: assertion.text().toLowerCase(), value: assertion.text() }
    }
    case 0x77: {
      const { tag: first, value: oid } = inside.next()
      if (first !== 0x80) throw new BerError('an extended request has a name')
      return { kind: 'extended', oid: textOf(oid) }
    }
    default:
      return { kind: 'write' }
  }
}

const scopes = ['base', 'one', 'sub', 'sub'] as const
const attributesAtMost = 200

function searchOf(inside: Elements): Operation {
  const base = inside.text()
  const scope = scopes[inside.integer(tags.enumerated)]
  const aliases = inside.integer(tags.enumerated)
  const [sizeLimit, timeLimitSeconds] = [inside.integer(), inside.integer()]
  const typesOnly = inside.boolean()
  if (scope === undefined || aliases < 0 || aliases > 3 || sizeLimit < 0 || timeLimitSeconds < 0)
    throw new BerError('a search has a wrong scope or limit')
  const filter = readFilter(inside)
  const named = inside.within()
  const attributes: string[] = []
  while (!named.isAtEnd) {
    if (attributes.length >= attributesAtMost)
      throw new LdapRefusal('adminLimit', `a search names more than ${attributesAtMost} attributes`)
    attributes.push(named.text())
  }
  const limits = { sizeLimit, timeLimitSeconds, typesOnly }
  return { kind: 'search', base, scope, ...limits, filter, attributes, paging: undefined }
}

const controlsAtMost = 20

/** Throws 12 for one that the client cannot do without and wisp does not know. */
function readControls(message: Elements): Pick<SearchRequest, 'paging'> {
  let paging: SearchRequest['paging']
  if (message.isAtEnd) return { paging }
  const list = message.within(0xa0)
  for (let n = 0; !list.isAtEnd; n++) {
    if (n >= controlsAtMost) throw new BerError('a message has too many controls')
    const control = list.within()
    const oid = control.text()
    const isCritical = control.tag === tags.boolean ? control.boolean() : false
    const value = control.isAtEnd ? undefined : control.next(tags.octets).value
    if (oid === oids.paging && value) {
      const page = new Elements(value).within()
      paging = { size: Math.max(page.integer(), 0), cookie: page.next(tags.octets).value.toString('latin1') }
    } else if (isCritical && oid !== oids.manageDsaIt)
      throw new LdapRefusal('criticalExtension', 'a critical control is not known here')
  }
  return { paging }
}
