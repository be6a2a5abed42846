import type { ReactNode } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import '../developers.css'

/** The apps that belong to a developer, as administrators have set them up. */
export function AppsTab(props: { devId: string }): ReactNode {
  const t = useText('developer-owners')
  const read = useRead('/web/developers/apps', { devId: props.devId })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { list } = read.data
  if (list.length === 0) return <EmptyState title={t('appsEmpty')} hint={t('appsEmptyHint')} />
  return (
    <div className="developers-part">
      <div className="wisp-quiet">{t('appsHint')}</div>
      <ul className="developers-list">
        {list.map(app => (
          <li key={app.id}>
            <div className="developers-line">
              <strong>{app.name}</strong>
              <State kind={app.enabled ? 'good' : 'idle'}>{t(app.enabled ? 'on' : 'off')}</State>
            </div>
            <dl className="developers-facts">
              <Fact name={t('homeUrl')} values={[app.homeUrl]} />
              <Fact name={t('mobileUrl')} values={[app.mobileUrl]} />
              <Fact name={t('origins')} values={app.origins} />
            </dl>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Fact(props: { name: string; values: readonly string[] }): ReactNode {
  const values = props.values.filter(Boolean)
  if (values.length === 0) return null
  return (
    <>
      <dt>{props.name}</dt>
      {values.map(value => (
        <dd key={value}>{value}</dd>
      ))}
    </>
  )
}
