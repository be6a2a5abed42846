import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'

type Person = Answer<'/web/help-desk/person'>

const words = {
  open: 'appOpen',
  off: 'appOff',
  addressless: 'appAddressless',
  outside: 'appOutside',
} as const

/** Which apps the member may open, and why not the others. */
export function AppsPanel({ person }: { person: Person }): ReactNode {
  const t = useText('help-desk')
  const { apps, status } = person
  const isActive = status === 1
  return (
    <Panel title={t('appsTitle')}>
      {apps.length === 0 ? <p className="wisp-quiet help-desk-note">{t('appsEmpty')}</p> : null}
      {apps.length > 0 && !isActive ? <p className="help-desk-note">{t('appInactive')}</p> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard. */}
      <ul className="help-desk-rows help-desk-scroll" tabIndex={0} aria-label={t('appsTitle')}>
        {apps.map(app => (
          <li key={app.id} className="help-desk-line">
            <span className="help-desk-grow">
              <bdi>{app.name}</bdi>
              {app.why === 'outside' ? <SeenBy app={app} /> : null}
            </span>
            <State kind={app.why === 'open' && isActive ? 'good' : 'idle'}>
              {t(app.why === 'open' && !isActive ? 'appVisible' : words[app.why])}
            </State>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function SeenBy({ app }: { app: Person['apps'][number] }): ReactNode {
  const t = useText('help-desk')
  const names = [...app.seenBy, ...(app.named > 0 ? [t('appNamed', { n: app.named })] : [])]
  return (
    <span className="wisp-quiet help-desk-below">
      {names.length > 0 ? t('appSeenBy', { names: names.join(t('listJoint')) }) : t('appSeenByNone')}
    </span>
  )
}
