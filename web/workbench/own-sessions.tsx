import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { api } from '../ui/data/api.ts'
import { useText } from '../ui/text.ts'
import { useClientName } from '../ui/values/client-name.ts'
import { formatAgo, formatTime } from '../ui/values/format.ts'

/** The person's sessions, each with a button to end it. */
export function OwnSessions(): ReactNode {
  const t = useText('portal')
  const clientName = useClientName()
  const client = useQueryClient()
  const { data, error } = useQuery({
    queryKey: ['/web/sessions'],
    queryFn: ({ signal }) => api.get('/web/sessions', {}, signal),
  })
  const end = useMutation({
    mutationFn: (id: string) => api.post('/web/sessions/end', { id }),
    onSettled: () => client.invalidateQueries({ queryKey: ['/web/sessions'] }),
  })
  if (error) return <p className="wb-none">{t('sessionsFailed')}</p>
  if (!data) return <p className="wb-none">{t('loading')}</p>
  return (
    <ul className="wb-rows wb-sessions">
      {data.list.map(one => (
        <li key={one.id}>
          <span className="wb-grow">
            {clientName(one.userAgent) || t('unknownDevice')}
            <small>
              {one.address} ·{' '}
              <time dateTime={one.seenAt} title={formatTime(one.seenAt)}>
                {formatAgo(one.seenAt)}
              </time>
            </small>
          </span>
          {one.current ? (
            <span className="wb-quiet">{t('thisDevice')}</span>
          ) : (
            <button
              type="button"
              className="wb-button"
              disabled={end.isPending}
              onClick={() => end.mutate(one.id)}
            >
              {t('endSession')}
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}
