import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'

/** WeCom verifies the callback address while somebody looks at one of these pages. */
const whileWaitingMs = 4000

/** What a page about the chosen corp shows, read once for all of them. */
export function OneCorp(props: {
  children(corp: Answer<'/web/corps/one'>, reread: () => Promise<unknown>): ReactNode
}): ReactNode {
  const { data, error, refetch } = useRead(
    '/web/corps/one',
    {},
    { every: corp => (corp?.callbackVerifiedAt ? false : whileWaitingMs) },
  )
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  return data ? props.children(data, refetch) : <Loading height={400} />
}
