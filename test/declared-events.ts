import { checkEvent } from '../server/platform/http/shape.fixture.ts'
import { parseWire } from '../server/platform/http/wire.ts'
import type { FeatureOffers } from '../server/platform/manifest/offered.ts'

/**
 * Holds every event that features tell against what its type declares, whoever is told it. Returns what throws when one of them was not
 * as declared.
 */
export function declaredEvents(offered: FeatureOffers): () => void {
  const { readEvents } = offered
  let undeclared: unknown
  offered.readEvents = async (caller, rows) => {
    const contents = await readEvents(caller, rows)
    for (const [, { type, wire }] of contents)
      try {
        checkEvent(type, parseWire(`{${wire}}`) as object)
      } catch (error) {
        undeclared ??= error
      }
    return contents
  }
  return () => {
    if (undeclared) throw undeclared
  }
}
