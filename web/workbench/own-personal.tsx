import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { addressOf, api } from '../ui/data/api.ts'
import { useErrorText } from '../ui/data/error-text.ts'
import { useText } from '../ui/text.ts'
import { formatTime } from '../ui/values/format.ts'

const path = '/web/portal/personal'
const askedEveryMs = 3000

/** The person's copy of what is kept of them, and what they agreed to. Consents are taken back above, at the app. */
export function OwnPersonal(): ReactNode {
  const t = useText('portal')
  const textOf = useErrorText()
  const client = useQueryClient()
  const { data, error } = useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => api.get(path, {}, signal),
    refetchInterval: ({ state }) =>
      state.data?.copies.some(one => one.state === 'asked') ? askedEveryMs : false,
  })
  const ask = useMutation({
    mutationFn: () => api.post('/web/portal/personal/copy', {}),
    onSettled: () => client.invalidateQueries({ queryKey: [path] }),
  })
  if (error) return <p className="wb-none">{textOf(error)}</p>
  if (!data) return <p className="wb-none">{t('loading')}</p>
  const isMaking = data.copies.some(one => one.state === 'asked')
  return (
    <section aria-label={t('copyTitle')}>
      <h3 className="wb-links-hint">{t('copyTitle')}</h3>
      <p className="wb-quiet wb-links-hint">{t('copyHint')}</p>
      <div role="alert">{ask.error ? <p className="wb-links-hint">{textOf(ask.error)}</p> : null}</div>
      <p className="wb-links-hint">
        <button
          type="button"
          className="wb-button wb-primary"
          disabled={isMaking || ask.isPending}
          onClick={() => ask.mutate()}
        >
          {isMaking ? t('copyMaking') : t('copyAsk')}
        </button>
      </p>
      <ul className="wb-rows wb-sessions">
        {data.copies
          .filter(one => one.state === 'done')
          .map(one => (
            <li key={one.id} className="wb-link-row">
              <div className="wb-link-head">
                <span className="wb-grow">{one.endedAt ? formatTime(one.endedAt) : ''}</span>
                <a
                  className="wb-button"
                  href={addressOf('/web/portal/personal/take', { id: one.id })}
                  download
                >
                  {t('copyTake')}
                </a>
                <a
                  className="wb-button"
                  href={addressOf('/web/portal/personal/take', { id: one.id, format: 'json' })}
                  download
                >
                  JSON
                </a>
              </div>
            </li>
          ))}
      </ul>
      {data.consents.length > 0 ? <h3 className="wb-links-hint">{t('consentsTitle')}</h3> : null}
      <ul className="wb-rows wb-sessions">
        {data.consents.map(one => (
          <li key={one.id} className="wb-link-row">
            <span className="wb-grow">
              {one.name || one.subject}
              <small>{t('grantAgreed', { at: formatTime(one.givenAt) })}</small>
              {one.withdrawnAt ? (
                <small>{t('consentEnded', { at: formatTime(one.withdrawnAt) })}</small>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
