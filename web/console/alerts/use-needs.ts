import { type UseQueryResult, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useRefresh } from '../../ui/data/act.tsx'
import { type Answer, api } from '../../ui/data/api.ts'
import { followNumber } from '../../ui/data/follow-number.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'

const path = '/web/alerts'
/** What the signal below does not tell, such as a quota that was used up. */
const everyMs = 60_000

/** What needs somebody. Every page that shows any of it shares this one answer, so that they cannot differ. */
export function useNeeds(isMeant = true): UseQueryResult<Answer<typeof path>, Error> {
  return useRead(path, {}, { every: everyMs, enabled: isMeant })
}

/** Reads it again after each act of the person, and as soon as somebody else, a node or time has mended or broken something. */
export function useFollowNeeds(isMeant: boolean): void {
  const client = useQueryClient()
  const refresh = useRefresh()
  const { corpId, person } = useSession()
  useEffect(
    () =>
      client.getMutationCache().subscribe(event => {
        if (event.type === 'updated' && event.action.type === 'success') void refresh(path)
      }),
    [client, refresh],
  )
  useEffect(() => {
    if (!isMeant) return
    const over = new AbortController()
    let known = 0
    const ask = async (number: number, signal: AbortSignal) =>
      (await api.get('/web/alerts/number', { known: number }, signal)).number
    const onNumber = (next: number) => {
      known = next
      // The operator's pages count the same rows.
      void refresh(path, '/web/operator/corps', '/web/operator/corp')
    }
    followNumber(`wisp.needs ${corpId} ${person.userId}`, ask, () => known, onNumber, over.signal)
    return () => over.abort()
  }, [isMeant, corpId, person.userId, refresh])
}
