import { type UseQueryResult, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useRefresh } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'

const path = '/web/alerts'
const everyMs = 60_000

/** What needs somebody. Every page that shows any of it shares this one answer, so that they cannot differ. */
export function useNeeds(isMeant = true): UseQueryResult<Answer<typeof path>, Error> {
  return useRead(path, {}, { every: everyMs, enabled: isMeant })
}

/** Asks again after each act of the person, because any of them may have mended something. */
export function useNeedsAfterActs(): void {
  const client = useQueryClient()
  const refresh = useRefresh()
  useEffect(
    () =>
      client.getMutationCache().subscribe(event => {
        if (event.type === 'updated' && event.action.type === 'success') void refresh(path)
      }),
    [client, refresh],
  )
}
