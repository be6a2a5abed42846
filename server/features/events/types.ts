import { ApiError } from '../../platform/http/errors.ts'
import type { Scope } from '../../platform/http/scope.ts'
import { own, told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'

/** The scope that a developer needs for the events of a type; of what it did itself it is told without one. */
export function scopeOf({ eventTypes }: FeatureOffers, type: string): Scope | undefined {
  // Changes have the names of the address book's own words, such as `move`, before it is known how a developer sees them.
  return type.startsWith('directory.') ? 'directory:read' : eventTypes[type]?.scope
}

export const typesAtMost = 20

/** The types to which one can subscribe. */
export function subscribable({ eventTypes }: FeatureOffers): string[] {
  return Object.keys(eventTypes).filter(type => !eventTypes[type]?.isAskedFor)
}

/** Each must name a type or the beginning of one, up to a dot. Throws 1000. */
export function checkTypes(offered: FeatureOffers, types: readonly string[]): void {
  const known = subscribable(offered)
  const unknown = types.find(type => !known.some(one => isWanted([type], one)))
  if (unknown !== undefined)
    throw new ApiError('badParameter', {
      zh: told`types: 没有事件类型 ${unknown}；可用: ${own(known.join('、'))}，或其点号前的部分`,
      en: told`types: there is no event ${unknown}; there are: ${own(known.join(', '))}, or what they begin with up to a dot`,
    })
}

/** `wanted` are types or beginnings of types; none: all. Those who want events of the address book also get `directory.resync`. */
export function isWanted(wanted: readonly string[], type: string): boolean {
  if (wanted.length === 0) return true
  if (type === 'directory.resync') return wanted.some(one => one.split('.', 1)[0] === 'directory')
  return wanted.some(one => type === one || type.startsWith(`${one}.`))
}
