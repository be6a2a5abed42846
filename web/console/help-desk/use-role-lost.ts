import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { CallError } from '../../ui/data/api.ts'

/** Reads the session again after a refusal, so that somebody who lost the role leaves the console at once. */
export function useRoleLost(error: unknown): void {
  const client = useQueryClient()
  const isRefused = error instanceof CallError && error.status === 403
  useEffect(() => {
    if (isRefused) void client.invalidateQueries({ queryKey: ['/web/session'] })
  }, [client, isRefused])
}
