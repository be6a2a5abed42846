import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { calendarDay } from '../../../../server/platform/moments.ts'
import type { Answer } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { formatCalendarDay } from '../../../ui/values/format.ts'
import { State, type StateKind } from '../../../ui/values/state.tsx'
import { pageZone } from '../../../ui/values/zone.ts'
import { useScopeName } from '../scopes/scope-name.ts'
import { passingOn, UpstreamList } from '../upstream-paths.tsx'
import '../developers.css'
import { laterDialog } from '../../../ui/fields/later.tsx'
import { DeveloperRequests } from './developer-requests.tsx'

const AskDialog = laterDialog(async () => (await import('./ask-dialog.tsx')).AskDialog)

type Developer = Answer<'/web/developers/one'>

/** What a developer may do, as its owners see it, with the way to ask for more. */
export function OwnScopes({ developer }: { developer: Developer }): ReactNode {
  const t = useText('developer-owners')
  const [isAsking, setAsking] = useState(false)
  const { scopes, scopeDays, allScopes, upstreamPaths } = developer
  // What ends first stands first, and what has no end last.
  const endOf = (scope: string) => scopeDays[scope] || '9999'
  const byEnd = (one: string, other: string) => endOf(one).localeCompare(endOf(other))
  const wanted = allScopes.filter(scope => !scopes.includes(scope) || scopeDays[scope])
  return (
    <div className="developers-part">
      {scopes.length === 0 ? <EmptyState title={t('scopesEmpty')} /> : null}
      <ul className="developers-list">
        {scopes.toSorted(byEnd).map(scope => (
          <ScopeLine key={scope} scope={scope} lastDay={scopeDays[scope] ?? ''} />
        ))}
      </ul>
      <div>
        <Button type="primary" onClick={() => setAsking(true)}>
          {t('ask')}
        </Button>
      </div>
      <AskDialog
        devId={developer.devId}
        scopes={wanted}
        paths={upstreamPaths}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
      />
      {scopes.includes(passingOn) ? <PassedOn developer={developer} /> : null}
      <h2 className="developers-heading">{t('requests')}</h2>
      <DeveloperRequests devId={developer.devId} />
      <Limits developer={developer} />
    </div>
  )
}

/** The calls of vendors that are passed on. */
function PassedOn({ developer }: { developer: Developer }): ReactNode {
  const t = useText('developers')
  const { devId, upstreamPaths } = developer
  return (
    <>
      <h2 className="developers-heading">{t('upstreamPaths')}</h2>
      {upstreamPaths.length === 0 ? <EmptyState title={t('upstreamNone')} /> : null}
      <UpstreamList devId={devId} paths={upstreamPaths} />
    </>
  )
}

function ScopeLine({ scope, lastDay }: { scope: string; lastDay: string }): ReactNode {
  const t = useText('developer-owners')
  const nameOf = useScopeName()
  const { kind, key } = standOf(lastDay)
  return (
    <li className="developers-line">
      <span>
        {nameOf(scope)} <code className="wisp-quiet">{scope}</code>
      </span>
      <State kind={kind}>{t(key, { day: lastDay && formatCalendarDay(lastDay) })}</State>
    </li>
  )
}

const soonMs = 7 * 86_400_000
const dayAt = (at: number) => calendarDay(at, pageZone())

function standOf(lastDay: string): { kind: StateKind; key: 'noEnd' | 'ended' | 'endsSoon' | 'until' } {
  if (lastDay === '') return { kind: 'good', key: 'noEnd' }
  if (lastDay < dayAt(Date.now())) return { kind: 'bad', key: 'ended' }
  if (lastDay <= dayAt(Date.now() + soonMs)) return { kind: 'warn', key: 'endsSoon' }
  return { kind: 'good', key: 'until' }
}

function Limits({ developer }: { developer: Developer }): ReactNode {
  const t = useText('developer-owners')
  const { dataScope, allowedIps } = developer
  const within = dataScope
    ? [...dataScope.departments, ...dataScope.tags, ...dataScope.groups].map(one => one.name)
    : []
  return (
    <>
      <h2 className="developers-heading">{t('dataScope')}</h2>
      <div>{dataScope ? within.join('、') : t('wholeCorp')}</div>
      <h2 className="developers-heading">{t('ips')}</h2>
      <div style={{ overflowWrap: 'anywhere' }}>{allowedIps.join(' ') || t('anyIp')}</div>
      <div className="wisp-quiet">{t('settledByAdministrators')}</div>
    </>
  )
}
