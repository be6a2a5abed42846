import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Check } from '../../../server/organisation/corps/doctor/doctor.ts'
import { PageLink } from '../../ui/address/page-link.tsx'
import { Copies } from '../../ui/connected/copies.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { laterDialog } from '../../ui/fields/later.tsx'
import { useText } from '../../ui/text.ts'
import { CallbackCopies } from './copies.tsx'

const RotateSecret = laterDialog(async () => (await import('./rotate-secret.tsx')).RotateSecret)

export type Step = { key: string; title: string; hint: string; checks: Check[]; body: ReactNode }

/** Maps each check of the doctor to its step. */
const stepOf: Record<string, string> = {
  publicUrl: 'address',
  callback: 'callback',
  network: 'trust',
  clock: 'trust',
  trustedIp: 'trust',
  contactSecret: 'contact',
  regime: 'contact',
  visibleRange: 'contact',
  agents: 'agents',
}

function stepKey(id: string): string {
  return stepOf[id] ?? (id.startsWith('agent:') ? 'agents' : 'sync')
}

export function worstOf(checks: readonly Check[]): Check['state'] | undefined {
  return (['failed', 'warning', 'ok'] as const).find(state => checks.some(check => check.state === state))
}

/**
 * The steps in the only order that WeCom allows: trusted addresses can be set only after a callback, and a
 * callback only with a domain.
 */
export function useSteps(corp: Answer<'/web/corps/one'>, checks: readonly Check[]): Step[] {
  const t = useText('corps')
  const of = (key: string) => checks.filter(check => stepKey(check.id) === key)
  return [
    {
      key: 'address',
      title: t('stepAddress'),
      hint: t('stepAddressHint'),
      checks: of('address'),
      body: <PageLink to="/console/system/corps/settings">{t('openSettings')}</PageLink>,
    },
    {
      key: 'callback',
      title: t('stepCallback'),
      hint: t('stepCallbackHint'),
      checks: of('callback'),
      body: <CallbackCopies corp={corp} />,
    },
    {
      key: 'trust',
      title: t('stepTrust'),
      hint: t('stepTrustHint'),
      checks: of('trust'),
      body: <Addresses corp={corp} />,
    },
    {
      key: 'contact',
      title: t('stepContact'),
      hint: t('stepContactHint'),
      checks: of('contact'),
      body: <Rotate corp={corp} />,
    },
    {
      key: 'agents',
      title: t('stepAgents'),
      hint: t('stepAgentsHint'),
      checks: of('agents'),
      body: <PageLink to="/console/system/corps/agents">{t('tabAgents')}</PageLink>,
    },
    {
      key: 'sync',
      title: t('stepSync'),
      hint: t('stepSyncHint'),
      checks: of('sync'),
      body: <PageLink to="/console/sync">{t('goSync')}</PageLink>,
    },
  ]
}

function Addresses(props: { corp: Answer<'/web/corps/one'> }): ReactNode {
  const t = useText('corps')
  const { addresses } = props.corp
  if (addresses.length === 0) return <p className="wisp-quiet">{t('stepTrustUnknown')}</p>
  return <Copies values={[{ label: t('addresses'), value: addresses.join(';') }]} />
}

function Rotate(props: { corp: Answer<'/web/corps/one'> }): ReactNode {
  const t = useText('corps')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('rotate')}</Button>
      <RotateSecret corp={props.corp} isOpen={isOpen} close={() => setOpen(false)} />
    </>
  )
}
