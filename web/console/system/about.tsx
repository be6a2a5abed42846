import { Descriptions } from 'antd'
import type { ReactNode } from 'react'
import type { Areas } from '../../text/areas.ts'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { Fold } from '../../ui/forms/fold.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { Time } from '../../ui/values/time.tsx'
import './system.css'

/** The version that runs here and its configuration. */
export function Page(): ReactNode {
  const t = useText('system')
  const { data, error, refetch } = useRead('/web/system/about')
  return (
    <>
      <PageTitle title={t('aboutTitle')} hint={t('aboutHint')} />
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loading /> : null}
      {data ? (
        <div className="system-about">
          <Versions {...data} />
          <Nodes {...data} />
          <Environment {...data} />
        </div>
      ) : null}
    </>
  )
}

function Versions(about: Answer<'/web/system/about'>): ReactNode {
  const t = useText('system')
  const { kind, version } = about.database
  return (
    <Panel>
      <Descriptions
        column={{ xs: 1, md: 2 }}
        size="small"
        items={[
          { key: 'version', label: t('version'), children: about.version },
          { key: 'node', label: t('nodeJs'), children: about.node },
          {
            key: 'database',
            label: t('database'),
            children: t(kind === 'embedded' ? 'databaseEmbedded' : 'databasePostgres', { v: version }),
          },
          { key: 'started', label: t('started'), children: <Time at={about.startedAt} /> },
          { key: 'url', label: t('publicUrl'), children: <CopyId value={about.publicUrl} /> },
        ]}
      />
    </Panel>
  )
}

function Nodes(about: Answer<'/web/system/about'>): ReactNode {
  const t = useText('system')
  return (
    <Panel title={t('nodeAddresses')}>
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {about.nodes.length === 0 ? t('nodeAddressesNone') : t('nodeAddressesHint')}
      </p>
      <ul className="system-nodes">
        {about.nodes.map(one => (
          <li key={`${one.node} ${one.address}`}>
            <CopyId value={one.address} />
            <span className="wisp-quiet">{one.node}</span>
            <Time at={one.seenAt} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Environment(about: Answer<'/web/system/about'>): ReactNode {
  const t = useText('system')
  const meaning = (name: string) => {
    const key = `env:${name}`
    const words = t(key as keyof Areas['system'])
    return words === key ? '' : words
  }
  return (
    <Panel>
      <Fold summary={t('environment')}>
        <ul className="system-environment">
          {about.environment.map(one => (
            <li key={one.name}>
              <div>
                <code>{one.name}</code>
                <div className="wisp-quiet">{meaning(one.name)}</div>
              </div>
              <div className={one.isSet ? '' : 'wisp-quiet'}>
                {one.isSet && one.isSecret ? t('secretSet') : null}
                {one.isSet && !one.isSecret ? one.value : null}
                {one.isSet ? null : one.default === '' ? t('notSet') : `${t('defaultValue')} ${one.default}`}
              </div>
            </li>
          ))}
        </ul>
      </Fold>
    </Panel>
  )
}
