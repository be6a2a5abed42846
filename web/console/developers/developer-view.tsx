import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { ObjectPage, type ObjectTab } from '../../ui/objects/object-page.tsx'
import { useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'
import './developers.css'
import { later } from '../../ui/fields/later.tsx'
import { Parts } from '../../ui/objects/parts.tsx'
import type { TabOf } from '../object-tabs.ts'
import { DeveloperActions } from './developer-actions.tsx'
import { OpenDocs } from './open-docs.tsx'
import { DeveloperSettings } from './settings.tsx'

const LimitUse = later(async () => (await import('./limits/limit-use.tsx')).LimitUse)
const LimitsOfDeveloper = later(
  async () => (await import('./limits/limits-of-developer.tsx')).LimitsOfDeveloper,
)
const OwnSignIns = later(async () => (await import('./own-sign-ins/own-sign-ins.tsx')).OwnSignIns)
const AppsTab = later(async () => (await import('./owners/apps-tab.tsx')).AppsTab)
const OwnScopes = later(async () => (await import('./owners/own-scopes.tsx')).OwnScopes)
const OwnersTab = later(async () => (await import('./owners/owners-tab.tsx')).OwnersTab)
const RequestsOfDeveloper = later(
  async () => (await import('./requests/requests-of-developer.tsx')).RequestsOfDeveloper,
)
const SampleCalls = later(async () => (await import('./sample-calls.tsx')).SampleCalls)
const Secrets = later(async () => (await import('./secrets.tsx')).Secrets)
const UsageCharts = later(async () => (await import('./usage-charts.tsx')).UsageCharts)
const Webhooks = later(async () => (await import('./webhooks/webhooks.tsx')).Webhooks)
const Compat = later(async () => (await import('./compat.tsx')).Compat)
const Devices = later(async () => (await import('./devices.tsx')).Devices)

/** The first tab of owners, who change no settings. */
type OwnTab = ObjectTab & { key: 'scopes' }
type Developer = Answer<'/web/developers/one'>

/** One developer: its rights, its secrets, its usage and sample calls; `isOwn` is for its owners, who change no settings. */
export function DeveloperView(props: {
  devId: string
  address: string
  list?: { to: string; title: string }
  isOwn?: boolean
}): ReactNode {
  const t = useText('developers')
  const owners = useText('developer-owners')
  const console = useText('console')
  const { devId, address, list } = props
  const read = useRead('/web/developers/one', { devId })
  const tabs = useTabs(props.isOwn === true, () => read.refetch())
  return (
    <ObjectPage
      address={address}
      kind={props.isOwn ? owners('title') : console('developer')}
      list={list}
      read={read}
      show={developer => ({
        name: developer.name,
        id: developer.devId,
        state: (
          <State kind={developer.enabled ? 'good' : 'idle'}>
            {developer.enabled ? t('enabled') : t('disabled')}
          </State>
        ),
        facts: <span>{t('visibleCount', { n: developer.membersVisible })}</span>,
        acts: (
          <>
            <OpenDocs devId={devId} />
            {list && !props.isOwn ? (
              <DeveloperActions devId={devId} name={developer.name} list={list.to} />
            ) : null}
          </>
        ),
        tabs: tabs(developer),
      })}
    />
  )
}

function useTabs(isOwn: boolean, reread: () => Promise<unknown>) {
  const t = useText('developers')
  const owners = useText('developer-owners')
  const requests = useText('requests')
  const webhooks = useText('webhooks')
  const { features } = useSession()
  return (developer: Developer): (TabOf<'developer'> | OwnTab)[] => {
    const { devId } = developer
    return [
      isOwn
        ? { key: 'scopes', title: owners('tabScopes'), children: <OwnScopesParts developer={developer} /> }
        : {
            key: 'settings',
            title: t('tabSettings'),
            children: <SettingsParts developer={developer} reread={reread} />,
          },
      { key: 'secrets', title: t('tabSecrets'), children: <SecretsParts developer={developer} /> },
      ...(features.has('webhooks')
        ? ([
            { key: 'webhooks', title: webhooks('tab'), children: <Webhooks devId={devId} /> },
          ] satisfies TabOf<'developer'>[])
        : []),
      { key: 'usage', title: t('tabUsage'), children: <UsageParts devId={devId} isOwn={isOwn} /> },
      {
        key: 'requests',
        title: requests('tab'),
        children: <RequestsOfDeveloper devId={devId} isOwn={isOwn} />,
      },
    ]
  }
}

function SettingsParts(props: { developer: Developer; reread(): Promise<unknown> }): ReactNode {
  const t = useText('developers')
  const owners = useText('developer-owners')
  const { devId } = props.developer
  return (
    <Parts
      parts={[
        { key: 'settings', title: t('tabSettings'), children: <DeveloperSettings {...props} /> },
        { key: 'owners', title: owners('tabOwners'), children: <OwnersTab devId={devId} /> },
        { key: 'apps', title: owners('tabApps'), children: <AppsTab devId={devId} /> },
      ]}
    />
  )
}

function OwnScopesParts({ developer }: { developer: Developer }): ReactNode {
  const owners = useText('developer-owners')
  const signIn = useText('app-sign-in')
  const { devId } = developer
  return (
    <Parts
      parts={[
        { key: 'scopes', title: owners('tabScopes'), children: <OwnScopes developer={developer} /> },
        { key: 'apps', title: owners('tabApps'), children: <AppsTab devId={devId} /> },
        { key: 'sign-in', title: signIn('ownTab'), children: <OwnSignIns devId={devId} /> },
      ]}
    />
  )
}

function SecretsParts({ developer }: { developer: Developer }): ReactNode {
  const t = useText('developers')
  const compat = useText('compat')
  const { features } = useSession()
  const { devId } = developer
  return (
    <Parts
      parts={[
        { key: 'secrets', title: t('tabSecrets'), children: <Secrets developer={developer} /> },
        ...(features.has('packets')
          ? [{ key: 'devices', title: t('tabDevices'), children: <Devices developer={developer} /> }]
          : []),
        ...(features.has('compat-wecom')
          ? [{ key: 'compat', title: compat('tab'), children: <Compat devId={devId} /> }]
          : []),
        { key: 'sample', title: t('tabSample'), children: <SampleCalls developer={developer} /> },
      ]}
    />
  )
}

function UsageParts({ devId, isOwn }: { devId: string; isOwn: boolean }): ReactNode {
  const t = useText('developers')
  const limits = useText('limits')
  return (
    <Parts
      parts={[
        { key: 'usage', title: t('tabUsage'), children: <UsageCharts devId={devId} /> },
        {
          key: 'limits',
          title: limits('tab'),
          children: isOwn ? <LimitUse devId={devId} /> : <LimitsOfDeveloper devId={devId} />,
        },
      ]}
    />
  )
}
