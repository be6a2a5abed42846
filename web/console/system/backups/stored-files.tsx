import { Alert, Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { formatSize } from '../../../ui/values/format.ts'
import { Time } from '../../../ui/values/time.tsx'

/** What is in the place itself, asked for by a press, because it calls elsewhere. */
export function StoredFiles(): ReactNode {
  const t = useText('backups')
  const [isWanted, setWanted] = useState(false)
  const { data, error, isFetching, refetch } = useRead('/web/backups/stored', {}, { enabled: isWanted })
  const look = () => (isWanted ? void refetch() : setWanted(true))
  return (
    <Panel
      title={t('stored')}
      extra={
        <Button size="small" loading={isFetching} onClick={look}>
          {t('storedLook')}
        </Button>
      }
    >
      {isWanted ? null : <p className="wisp-quiet backups-lead">{t('storedHint')}</p>}
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : null}
      {isWanted && !data && !error ? <Loading /> : null}
      {data && !error ? (
        <>
          <p className="wisp-quiet backups-lead backups-place">{data.address}</p>
          {data.missing.length > 0 ? (
            <Alert type="warning" showIcon title={t('isMissing', { names: data.missing.join('、') })} />
          ) : null}
          {data.files.length === 0 ? <EmptyState title={t('storedEmpty')} /> : null}
          <ul className="backups-files">
            {data.files.map(one => (
              <li key={one.name}>
                <code className="backups-place">{one.name}</code>
                <span>{formatSize(one.size)}</span>
                <Time at={one.at} />
                {one.runId === null ? <span className="wisp-quiet">{t('notOurs')}</span> : null}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Panel>
  )
}
