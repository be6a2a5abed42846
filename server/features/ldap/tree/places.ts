/**
 * Where things are: `o=<corp>` holds a client's bind DN `cn=<client>,o=<corp>` and its base `ou=<client>,o=<corp>`, with
 * `ou=people` and `ou=groups`. Each client has a base of its own, so that the DN by which a person binds says which client asks:
 * an application password of another client is not taken there.
 */

import { type DnPart, escapeDn, parseDn } from '../protocol/dn.ts'

export type Place =
  | { kind: 'root' | 'subschema' }
  | { kind: 'corp'; corpId: string }
  /** The client's own entry, by which it binds. */
  | { kind: 'client'; corpId: string; client: string }
  | { kind: 'base' | 'people' | 'groups'; corpId: string; client: string }
  | { kind: 'person' | 'group'; corpId: string; client: string; name: string }

type ClientName = { corpId: string; name: string }

const corpBase = (corpId: string) => `o=${escapeDn(corpId)}`
export const bindDnOf = ({ corpId, name }: ClientName) => `cn=${escapeDn(name)},${corpBase(corpId)}`
export const baseOf = ({ corpId, name }: ClientName) => `ou=${escapeDn(name)},${corpBase(corpId)}`
export const peopleOf = (client: ClientName) => `ou=people,${baseOf(client)}`
export const groupsOf = (client: ClientName) => `ou=groups,${baseOf(client)}`
export const personDn = (client: ClientName, userId: string) => `uid=${escapeDn(userId)},${peopleOf(client)}`
export const groupDn = (client: ClientName, cn: string) => `cn=${escapeDn(cn)},${groupsOf(client)}`
/** As programs of Active Directory name somebody. */
export const principalOf = ({ corpId, name }: ClientName, userId: string) => `${userId}@${name}.${corpId}`

/** Undefined where nothing can be. */
export function placeOf(dn: string): Place | undefined {
  const parts = parseDn(dn)
  if (!parts) return undefined
  if (parts.length === 0) return { kind: 'root' }
  if (parts.length === 1 && is(parts[0], 'cn', 'subschema')) return { kind: 'subschema' }
  const [top, second, third, fourth, ...deeper] = parts.reverse()
  if (top?.type !== 'o' || deeper.length > 0) return undefined
  const corpId = top.value
  if (!second) return { kind: 'corp', corpId }
  const client = second.value
  if (second.type === 'cn') return third ? undefined : { kind: 'client', corpId, client }
  if (second.type !== 'ou') return undefined
  if (!third) return { kind: 'base', corpId, client }
  const isPeople = is(third, 'ou', 'people')
  if (!isPeople && !is(third, 'ou', 'groups')) return undefined
  if (!fourth) return { kind: isPeople ? 'people' : 'groups', corpId, client }
  if (fourth.type !== (isPeople ? 'uid' : 'cn')) return undefined
  return { kind: isPeople ? 'person' : 'group', corpId, client, name: fourth.value }
}

/** Whom a bind names: a DN, or a name as programs of Active Directory give it. */
export function bindPlaceOf(name: string): Place | undefined {
  const found = /^([^=@,]+(?:@[^=@,]+)*)@([a-z0-9-]+)\.([A-Za-z0-9_-]+)$/.exec(name)
  if (!found) return placeOf(name)
  const [, userId = '', client = '', corpId = ''] = found
  return { kind: 'person', corpId, client, name: userId }
}

function is(part: DnPart | undefined, type: string, value: string): boolean {
  return part?.type === type && part.value.toLowerCase() === value
}
