import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { api } from '../ui/data/api.ts'
import { useErrorText } from '../ui/data/error-text.ts'
import { useText } from '../ui/text.ts'
import { written } from '../ui/values/format.ts'
import { usePersonalFields } from '../ui/values/personal-fields.ts'

const step = 20

/** Programs that got the person's data by the API. */
export function OwnDataReads(): ReactNode {
  const t = useText('portal')
  const textOf = useErrorText()
  const fieldsOf = usePersonalFields()
  const [pageSize, setPageSize] = useState(step)
  const { data, error } = useQuery({
    queryKey: ['/web/portal/data-reads', pageSize],
    queryFn: ({ signal }) => api.get('/web/portal/data-reads', { pageSize }, signal),
    placeholderData: shown => shown,
  })
  if (error) return <p className="wb-none">{textOf(error)}</p>
  if (!data || data.days === 0) return null
  return (
    <section aria-label={t('readsTitle')}>
      <h2 className="wb-reads-title">{t('readsTitle')}</h2>
      <p className="wb-quiet wb-links-hint">{t('readsHint', { n: data.days })}</p>
      {data.list.length === 0 ? <p className="wb-none">{t('readsNone')}</p> : null}
      <ul className="wb-rows wb-sessions">
        {data.list.map(one => (
          <li key={`${one.at} ${one.devId} ${one.path} ${one.fields.join()}`} className="wb-link-row">
            <div className="wb-link-head">
              <span className="wb-grow">
                {one.developer || t('readsGone')}
                <small>{fieldsOf(one.fields)}</small>
                <small>{written(one.at)}</small>
              </span>
            </div>
          </li>
        ))}
      </ul>
      {data.total > data.list.length && pageSize < 200 ? (
        <button
          type="button"
          className="wb-button wb-links-hint"
          onClick={() => setPageSize(size => size + step)}
        >
          {t('readsMore')}
        </button>
      ) : null}
    </section>
  )
}
