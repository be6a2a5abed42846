import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'

/** What was just made, and is shown once: a client's secret ('' for CAS), and the program that it is for, where that is known. */
export type FreshSecret = { secret: string; program?: string | undefined }

/** What was just made for an app; it is also there when the app's page opens because of it, and forgotten soon after it is left. */
export function useFresh(id: string): FreshSecret | undefined {
  const { data } = useQuery<FreshSecret | null>({
    queryKey: keyOf(id),
    queryFn: () => null,
    enabled: false,
    initialData: null,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data ?? undefined
}

export function useKeepFresh(): (id: string, fresh: FreshSecret | undefined) => void {
  const client = useQueryClient()
  return useCallback(
    (id, fresh) => void client.setQueryData<FreshSecret | null>(keyOf(id), fresh ?? null),
    [client],
  )
}

const keyOf = (id: string) => ['fresh client secret', id] as const
