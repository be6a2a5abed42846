import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { type Answer, api } from '../ui/data/api.ts'
import { useErrorText } from '../ui/data/error-text.ts'
import { useText } from '../ui/text.ts'
import { formatTime } from '../ui/values/format.ts'
import { QrCode } from '../ui/values/qr-code.tsx'
import { useOwnLinks } from './data.ts'

type LinkStart = Answer<'/web/official/own/begin'> & { originalId: string }

const lookEveryMs = 3000

/** The official accounts of the corp, each with the WeChat that the person is there. */
export function OwnLinks(): ReactNode {
  const t = useText('portal')
  const textOf = useErrorText()
  const client = useQueryClient()
  const [begun, setBegun] = useState<LinkStart>()
  const { data, error } = useOwnLinks(begun ? lookEveryMs : undefined)
  const refresh = () => client.invalidateQueries({ queryKey: ['/web/official/own'] })
  const begin = useMutation({
    mutationFn: (originalId: string) => api.post('/web/official/own/begin', { originalId }),
    onSuccess: (answer, originalId) => setBegun({ ...answer, originalId }),
  })
  const end = useMutation({
    mutationFn: (originalId: string) => api.post('/web/official/own/end', { originalId }),
    onSettled: refresh,
  })
  if (error) return <p className="wb-none">{textOf(error)}</p>
  if (!data) return <p className="wb-none">{t('loading')}</p>
  const failure = begin.error ?? end.error
  return (
    <>
      <p className="wb-quiet wb-links-hint">{t('linksHint')}</p>
      <div role="alert">{failure ? <p className="wb-links-hint">{textOf(failure)}</p> : null}</div>
      <ul className="wb-rows wb-sessions">
        {data.list.map(one => (
          <li key={one.originalId} className="wb-link-row">
            <div className="wb-link-head">
              <span className="wb-grow">
                {one.name}
                <small>
                  {one.link
                    ? `${one.link.nickname || t('linkedWechat')}${one.link.linkedAt ? ` · ${formatTime(one.link.linkedAt)}` : ''}`
                    : t('notLinked')}
                </small>
              </span>
              {one.link ? (
                <button
                  type="button"
                  className="wb-button"
                  disabled={end.isPending}
                  onClick={() => {
                    setBegun(undefined)
                    end.mutate(one.originalId)
                  }}
                >
                  {t('unlink')}
                </button>
              ) : (
                <button
                  type="button"
                  className="wb-button"
                  disabled={begin.isPending}
                  onClick={() => begin.mutate(one.originalId)}
                >
                  {t('link')}
                </button>
              )}
            </div>
            {begun?.originalId === one.originalId && !one.link ? (
              <HowToLink begun={begun} name={one.name} />
            ) : null}
          </li>
        ))}
      </ul>
    </>
  )
}

function HowToLink({ begun, name }: { begun: LinkStart; name: string }): ReactNode {
  const t = useText('portal')
  const until = t('linkUntil', { at: formatTime(begun.expiresAt) })
  if (begun.way === 'code')
    return (
      <div className="wb-link-how">
        <p>{t('sendCode', { name })}</p>
        <strong className="wb-link-code">{begun.code}</strong>
        <p className="wb-quiet">{until}</p>
      </div>
    )
  return (
    <div className="wb-link-how">
      <p>{t('scanLink')}</p>
      <QrCode value={begun.url} label={t('linkQr')} />
      <p>
        <a className="wb-link" href={begun.url}>
          {t('openHere')}
        </a>
      </p>
      <p className="wb-quiet">{until}</p>
    </div>
  )
}
