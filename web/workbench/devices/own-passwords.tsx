import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { type Answer, api } from '../../ui/data/api.ts'
import { useErrorText } from '../../ui/data/error-text.ts'
import { useText } from '../../ui/text.ts'
import { formatTime } from '../../ui/values/format.ts'
import { ConfirmFirst, useFactor } from './confirm-first.tsx'

const path = '/web/app-passwords'

/** Passwords for programs that cannot lead to the sign-in page. */
export function OwnPasswords(): ReactNode {
  const t = useText('devices')
  const textOf = useErrorText()
  const client = useQueryClient()
  const factor = useFactor()
  const { data } = useQuery({ queryKey: [path], queryFn: ({ signal }) => api.get(path, {}, signal) })
  const [appId, setAppId] = useState('')
  const onSettled = () => client.invalidateQueries({ queryKey: [path] })
  const make = useMutation({
    mutationFn: (id: string) => api.post('/web/app-passwords/make', { appId: id }),
    onSettled,
  })
  const end = useMutation({
    mutationFn: (id: string) => api.post('/web/app-passwords/end', { id }),
    onSettled,
  })
  if (!data || !factor || (data.apps.length === 0 && data.list.length === 0)) return null
  const chosen = data.apps.find(one => one.appId === appId) ?? data.apps[0]
  const failure = make.error ?? end.error
  return (
    <>
      <h3>{t('appPasswords')}</h3>
      <p className="wb-quiet">{t('appPasswordsHint')}</p>
      <ul className="wb-rows wb-sessions">
        {data.list.map(one => (
          <li key={one.id}>
            <span className="wb-grow">
              {one.name}
              <small>
                {t('madeAt', { at: formatTime(one.madeAt) })} ·{' '}
                {one.usedAt
                  ? `${t('usedAt', { at: formatTime(one.usedAt) })} · ${one.usedFrom}`
                  : t('neverUsed')}
              </small>
            </span>
            <button
              type="button"
              className="wb-button"
              aria-label={t('endNamed', { name: one.name })}
              disabled={end.isPending}
              onClick={() => end.mutate(one.id)}
            >
              {t('endPassword')}
            </button>
          </li>
        ))}
      </ul>
      <p role="alert" className="wb-wrong">
        {failure ? textOf(failure) : null}
      </p>
      {make.data ? <Made made={make.data} /> : null}
      {chosen && factor.isFresh ? (
        <p className="wb-choice">
          <select
            aria-label={t('appPasswordFor')}
            value={chosen.appId}
            onChange={event => setAppId(event.currentTarget.value)}
          >
            {data.apps.map(one => (
              <option key={one.appId} value={one.appId}>
                {one.name}
              </option>
            ))}
          </select>
          <button
            type="button"
            className="wb-button"
            disabled={make.isPending}
            onClick={() => make.mutate(chosen.appId)}
          >
            {t('makePassword')}
          </button>
        </p>
      ) : null}
      {chosen && !factor.isFresh ? <ConfirmFirst isOn={factor.isOn} words={t('makePassword')} /> : null}
    </>
  )
}

function Made({ made }: { made: Answer<'/web/app-passwords/make'> }): ReactNode {
  const t = useText('devices')
  return (
    <div className="wb-codes" role="status">
      <p>{t('passwordOnce')}</p>
      <p>
        <code>{made.password}</code>
      </p>
      <p className="wb-quiet">
        {t('passwordFor')} <code>{made.userName}</code>
      </p>
    </div>
  )
}
