import { QueryClient } from '@tanstack/react-query'
import { CallError } from './api.ts'

/** Reads are tried again when the network failed, never when the server said no. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => !(error instanceof CallError && error.status > 0) && failures < 2,
      },
    },
  })
}
