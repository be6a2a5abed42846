import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { api } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'
import { useClientName } from '../../ui/values/client-name.ts'
import { formatAgo, formatWhole, written } from '../../ui/values/format.ts'
import { OwnFactor } from './own-factor.tsx'
import { OwnPasskeys } from './own-passkeys.tsx'
import { OwnPasswords } from './own-passwords.tsx'
import { useWayWords } from './way-words.ts'

/** Where somebody is signed in, how they were lately, and what they prove themselves by. */
export function Devices(): ReactNode {
  const t = useText('devices')
  return (
    <div className="wb-devices">
      <OwnSessions />
      <h3>{t('passkeys')}</h3>
      <OwnPasskeys />
      <h3>{t('factor')}</h3>
      <OwnFactor />
      <OwnPasswords />
      <h3>{t('signIns')}</h3>
      <SignIns />
    </div>
  )
}

const path = '/web/sessions'

function OwnSessions(): ReactNode {
  const t = useText('devices')
  const clientName = useClientName()
  const wayWords = useWayWords()
  const client = useQueryClient()
  const { data, error } = useQuery({ queryKey: [path], queryFn: ({ signal }) => api.get(path, {}, signal) })
  const onSettled = () => client.invalidateQueries({ queryKey: [path] })
  const end = useMutation({ mutationFn: (id: string) => api.post('/web/sessions/end', { id }), onSettled })
  const endOthers = useMutation({ mutationFn: () => api.post('/web/sessions/end-others'), onSettled })
  if (error) return <p className="wb-none">{t('sessionsFailed')}</p>
  if (!data) return <p className="wb-none">{t('loading')}</p>
  return (
    <>
      <ul className="wb-rows wb-sessions">
        {data.list.map(one => (
          <li key={one.id}>
            <span className="wb-grow">
              {clientName(one.userAgent) || t('unknownDevice')}
              <small>
                {[one.address, wayWords(one.amr)].filter(Boolean).join(' · ')} ·{' '}
                <time dateTime={one.seenAt} title={formatWhole(one.seenAt)}>
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
      {data.list.length > 1 ? (
        <button
          type="button"
          className="wb-button"
          disabled={endOthers.isPending}
          onClick={() => endOthers.mutate()}
        >
          {t('endOthers')}
        </button>
      ) : null}
    </>
  )
}

function SignIns(): ReactNode {
  const t = useText('devices')
  const clientName = useClientName()
  const wayWords = useWayWords()
  const { data } = useQuery({
    queryKey: ['/web/sessions/sign-ins'],
    queryFn: () => api.get('/web/sessions/sign-ins'),
  })
  if (!data) return <p className="wb-none">{t('loading')}</p>
  return (
    <ul className="wb-rows wb-sessions">
      {data.list.map(one => (
        <li key={`${one.at} ${one.address}`}>
          <span className="wb-grow">
            <time dateTime={one.at}>{written(one.at)}</time>
            <small>
              {[wayWords(one.amr), clientName(one.userAgent) || t('unknownDevice'), one.address]
                .filter(Boolean)
                .join(' · ')}
            </small>
          </span>
        </li>
      ))}
    </ul>
  )
}
