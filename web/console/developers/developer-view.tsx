import { Tabs, Typography } from 'antd'
import type { ReactNode } from 'react'
import { useUrlState } from '../../ui/address/url-state.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { State } from '../../ui/values/state.tsx'
import { Devices } from './devices.tsx'
import { OpenDocs } from './open-docs.tsx'
import { SampleCalls } from './sample-calls.tsx'
import { Secrets } from './secrets.tsx'
import { DeveloperSettings } from './settings.tsx'
import { UsageCharts } from './usage-charts.tsx'

/** One developer: its rights, its secrets, its usage and sample calls. */
export function DeveloperView(props: { devId: string }): ReactNode {
  const t = useText('developers')
  const [values, set] = useUrlState()
  const read = useRead('/web/developers/one', { devId: props.devId })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const developer = read.data
  const items = [
    {
      key: 'settings',
      label: t('tabSettings'),
      children: <DeveloperSettings key={developer.version} developer={developer} />,
    },
    { key: 'secrets', label: t('tabSecrets'), children: <Secrets developer={developer} /> },
    { key: 'devices', label: t('tabDevices'), children: <Devices developer={developer} /> },
    { key: 'usage', label: t('tabUsage'), children: <UsageCharts devId={developer.devId} /> },
    { key: 'sample', label: t('tabSample'), children: <SampleCalls developer={developer} /> },
  ]
  return (
    <>
      <Typography.Title level={2} style={{ fontSize: 18, margin: 0 }}>
        {developer.name}
      </Typography.Title>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: '4px 16px', alignItems: 'center' }}>
        <CopyId value={developer.devId} />
        <State kind={developer.enabled ? 'good' : 'idle'}>
          {developer.enabled ? t('enabled') : t('disabled')}
        </State>
        <span>{t('visibleCount', { n: developer.membersVisible })}</span>
        <OpenDocs devId={developer.devId} />
      </div>
      <Tabs
        activeKey={values['part'] || 'settings'}
        items={items}
        destroyOnHidden
        onChange={part => set({ part: part === 'settings' ? undefined : part })}
      />
    </>
  )
}
