import { Tabs, Typography } from 'antd'
import type { ReactNode } from 'react'
import { useUrlState } from '../../ui/address/url-state.ts'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { State } from '../../ui/values/state.tsx'
import './developers.css'
import { Devices } from './devices.tsx'
import { LimitUse } from './limits/limit-use.tsx'
import { LimitsOfDeveloper } from './limits/limits-of-developer.tsx'
import { OpenDocs } from './open-docs.tsx'
import { AppsTab } from './owners/apps-tab.tsx'
import { OwnScopes } from './owners/own-scopes.tsx'
import { OwnersTab } from './owners/owners-tab.tsx'
import { RequestsOfDeveloper } from './requests/requests-of-developer.tsx'
import { SampleCalls } from './sample-calls.tsx'
import { Secrets } from './secrets.tsx'
import { DeveloperSettings } from './settings.tsx'
import { UsageCharts } from './usage-charts.tsx'
import { Webhooks } from './webhooks/webhooks.tsx'

type Developer = Answer<'/web/developers/one'>

/** One developer: its rights, its secrets, its usage and sample calls; `isOwn` is for its owners, who change no settings. */
export function DeveloperView(props: { devId: string; isOwn?: boolean }): ReactNode {
  const t = useText('developers')
  const [values, set] = useUrlState()
  const read = useRead('/web/developers/one', { devId: props.devId })
  const tabs = useTabs(props.isOwn === true)
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const developer = read.data
  const items = tabs(developer)
  const first = items[0]?.key
  return (
    <>
      <Typography.Title level={props.isOwn ? 1 : 2} style={{ fontSize: 18, margin: 0 }}>
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
        className="developers-tabs"
        tabBarGutter={0}
        activeKey={values['part'] || first || ''}
        items={items}
        destroyOnHidden
        onChange={part => set({ part: part === first ? undefined : part })}
      />
    </>
  )
}

function useTabs(isOwn: boolean) {
  const t = useText('developers')
  const owners = useText('developer-owners')
  const requests = useText('requests')
  const limits = useText('limits')
  const webhooks = useText('webhooks')
  return (developer: Developer) => {
    const { devId } = developer
    const ofAdministrators = [
      {
        key: 'settings',
        label: t('tabSettings'),
        children: <DeveloperSettings key={developer.version} developer={developer} />,
      },
      { key: 'owners', label: owners('tabOwners'), children: <OwnersTab devId={devId} /> },
    ]
    const ofOwners = [
      { key: 'scopes', label: owners('tabScopes'), children: <OwnScopes developer={developer} /> },
    ]
    return [
      ...(isOwn ? ofOwners : ofAdministrators),
      { key: 'secrets', label: t('tabSecrets'), children: <Secrets developer={developer} /> },
      { key: 'devices', label: t('tabDevices'), children: <Devices developer={developer} /> },
      { key: 'webhooks', label: webhooks('tab'), children: <Webhooks devId={devId} /> },
      { key: 'usage', label: t('tabUsage'), children: <UsageCharts devId={devId} /> },
      {
        key: 'requests',
        label: requests('tab'),
        children: <RequestsOfDeveloper devId={devId} isOwn={isOwn} />,
      },
      {
        key: 'limits',
        label: limits('tab'),
        children: isOwn ? <LimitUse devId={devId} /> : <LimitsOfDeveloper devId={devId} />,
      },
      { key: 'apps', label: owners('tabApps'), children: <AppsTab devId={devId} /> },
      { key: 'sample', label: t('tabSample'), children: <SampleCalls developer={developer} /> },
    ]
  }
}
