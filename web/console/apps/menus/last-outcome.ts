import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Answer } from '../../../ui/data/api.ts'

type Outcome = Answer<'/web/apps/menu/sync'>

/** What the last sync that was started here has brought; it is also there when the app's page opens because of it. */
export function useLastOutcome(id: string): [Outcome | undefined, (outcome: Outcome | undefined) => void] {
  const keep = useKeepOutcome()
  const { data } = useQuery<Outcome | null>({
    queryKey: keyOf(id),
    queryFn: () => null,
    enabled: false,
    initialData: null,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return [data ?? undefined, useCallback(outcome => keep(id, outcome), [keep, id])]
}

/** For an app whose page is not open yet. */
export function useKeepOutcome(): (id: string, outcome: Outcome | undefined) => void {
  const client = useQueryClient()
  return useCallback(
    (id, outcome) => void client.setQueryData<Outcome | null>(keyOf(id), outcome ?? null),
    [client],
  )
}

const keyOf = (id: string) => ['menu sync', id] as const
