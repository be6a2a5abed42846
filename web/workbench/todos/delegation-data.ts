import { useQuery } from '@tanstack/react-query'
import { api } from '../../ui/data/api.ts'

export const delegationsKey = ['/web/todos/delegations']

export function useMyDelegations() {
  return useQuery({
    queryKey: delegationsKey,
    queryFn: ({ signal }) => api.get('/web/todos/delegations', {}, signal),
  })
}
