import { useQuery } from '@tanstack/react-query'
import { type Answer, api } from './api.ts'

export type Refusal = NonNullable<Answer<'/web/sign-in/refusal'>['refusal']>

/**
 * What the server says of the refusal that the page's address names: null when it knows of none in this browser, undefined until it has
 * answered. Nothing else of the address is shown, because everybody can write one.
 */
export function useRefusal(number: string): Refusal | null | undefined {
  const { data, error } = useQuery({
    queryKey: ['/web/sign-in/refusal', number],
    queryFn: () => api.get('/web/sign-in/refusal', { number }),
    enabled: number !== '',
    staleTime: Number.POSITIVE_INFINITY,
  })
  return error || number === '' ? null : data?.refusal
}
