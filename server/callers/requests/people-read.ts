import { dayOf } from '../../platform/operation/day.ts'
import type { PeopleReadCount } from './people-store.ts'

/**
 * Counts in memory of how many people personal data left, by developer, call and day, until it is written. A person counts once in an
 * answer; who they were is in data-reads/, and for a shorter time.
 */
export function createPeopleRead(): {
  add(of: { corpId: string; devId: string }, path: string, people: number, at: number): void
  take(): PeopleReadCount[]
  putBack(taken: readonly PeopleReadCount[]): void
} {
  let counts = new Map<string, PeopleReadCount>()

  function put(one: PeopleReadCount) {
    const key = `${one.devId} ${one.path} ${one.day}`
    const known = counts.get(key)
    if (!known) {
      counts.set(key, { ...one })
      return
    }
    known.answers += one.answers
    known.people += one.people
  }

  return {
    add: ({ corpId, devId }, path, people, at) =>
      put({ corpId, devId, day: dayOf(at), path, answers: 1, people }),
    take() {
      const taken = [...counts.values()]
      counts = new Map()
      return taken
    },
    putBack(taken) {
      for (const one of taken) put(one)
    },
  }
}
