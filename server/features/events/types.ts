import { ApiError } from '../../platform/http/errors.ts'
import type { Scope } from '../../platform/http/scope.ts'

/**
 * Every type of event that developers are told, by webhooks and the stream. `directory.resync`: changes may be missing, and the
 * whole address book has to be read again.
 */
export const eventTypes = [
  'directory.member.put',
  'directory.member.rename',
  'directory.member.drop',
  'directory.department.put',
  'directory.department.drop',
  'directory.tag.put',
  'directory.tag.drop',
  'directory.resync',
  'message.result',
  'official.event',
  'bill.paid',
  'bill.closed',
  'bill.refunded',
  'bill.refund_failed',
] as const
export type EventType = (typeof eventTypes)[number]

/** The scope that a developer needs for the events of a type; its own messages are told without one. */
export function scopeOf(type: string): Scope | undefined {
  const scopes: Record<string, Scope> = {
    directory: 'directory:read',
    official: 'official:read',
    bill: 'pay:read',
  }
  return scopes[type.split('.', 1)[0] ?? '']
}

export const typesAtMost = 20

/** Each must name a type or the beginning of one, up to a dot. Throws 1000. */
export function checkTypes(types: readonly string[]): void {
  const unknown = types.find(type => !eventTypes.some(known => isWanted([type], known)))
  if (unknown !== undefined)
    throw new ApiError('badParameter', {
      zh: `types: 没有事件类型 ${unknown}；可用: ${eventTypes.join('、')}，或其点号前的部分`,
      en: `types: there is no event ${unknown}; there are: ${eventTypes.join(', ')}, or what they begin with up to a dot`,
    })
}

/** `wanted` are types or beginnings of types; none: all. Those who want events of the address book also get `directory.resync`. */
export function isWanted(wanted: readonly string[], type: string): boolean {
  if (wanted.length === 0) return true
  if (type === 'directory.resync') return wanted.some(one => one.split('.', 1)[0] === 'directory')
  return wanted.some(one => type === one || type.startsWith(`${one}.`))
}
