import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { type Answer, api, CallError } from './data/api.ts'
import { useText } from './text.ts'

/** Below what was refused: the number by which the help desk finds it. */
export function ErrorNumber(props: { of: unknown }): ReactNode {
  const { of } = props
  return of instanceof CallError && of.number !== '' ? <NumberLine number={of.number} /> : null
}

export function NumberLine(props: { number: string }): ReactNode {
  const t = useText('common')
  return (
    <span className="wisp-quiet wisp-number">
      {t('numberHint')} <code>{props.number}</code>
    </span>
  )
}

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
