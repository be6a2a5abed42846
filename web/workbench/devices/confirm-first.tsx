import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { type Answer, api } from '../../ui/data/api.ts'

/** What somebody has beside the first proof; undefined before it was read. */
export function useFactor(): Answer<'/web/second-factor'> | undefined {
  return useQuery({ queryKey: ['/web/second-factor'], queryFn: () => api.get('/web/second-factor') }).data
}

/** Where this page goes on after the sign-in page. */
export function backHere(): string {
  const here = new URL(location.href)
  here.searchParams.set('me', 'devices')
  return here.pathname + here.search
}

/** Leads through the sign-in page first: how somebody proves themselves is changed by who did so just now. */
export function ConfirmFirst(props: { isOn: boolean; words: string }): ReactNode {
  const query = new URLSearchParams({ fresh: '1', acr: props.isOn ? '3' : '2', to: backHere() })
  return (
    <a className="wb-button" href={`/signin?${query}`}>
      {props.words}
    </a>
  )
}
