import type { Lenders } from '../developers/developers.ts'
import { mayDo } from '../developers/owners/may-manage.ts'
import type { Sessions } from './sessions.ts'

/**
 * A lent devToken is as good as the page that lent it: the session must live, and its person must still be let in to the
 * developer there. Both are asked at each use, of the same memory as for pages.
 */
export function createLenders({ sessions }: { sessions: Sessions }): Lenders {
  return {
    isRead: sessionId => sessions.knownVisitor(sessionId) !== undefined,
    async read(sessionId) {
      await sessions.readVisitor(sessionId)
    },
    mayLend(sessionId, developer) {
      const visitor = sessions.knownVisitor(sessionId)
      if (!visitor || visitor.mustChangePassword || visitor.mustEnrol || visitor.mustProve) return false
      const isOfCorp = visitor.member === undefined || visitor.corpId === developer.corpId
      return isOfCorp && mayDo(visitor, 'developer:secret', developer)
    },
  }
}
