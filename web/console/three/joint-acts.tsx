import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import { useText } from '../../ui/text.ts'
import { type StateKind, State as StateMark } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'
import { Entry, Fact, Facts } from './entry.tsx'
import type { Place, State } from './state.ts'

type JointAct = State['acts'][number]

const kinds: Record<JointAct['state'], StateKind> = {
  open: 'warn',
  done: 'good',
  refused: 'idle',
  expired: 'idle',
}
const shownFirst = 10

/** What was proposed, in words, and whose agreement it waits for. */
export function JointActs({ state, place }: { state: State; place: Place }): ReactNode {
  const t = useText('three')
  const [areAll, setAll] = useState(false)
  const refresh = ['/web/three', '/web/installation/three', '/web/roles', '/web/directory', '/web/session']
  const agree = useAct(place.isInstallation ? '/web/installation/three/agree' : '/web/three/agree', {
    done: ({ isDone }) => t(isDone ? 'done' : 'agreed'),
    refresh,
  })
  const refuse = useAct(place.isInstallation ? '/web/installation/three/refuse' : '/web/three/refuse', {
    done: t('refused'),
    refresh,
  })
  const buttons = ({ id, state: of, waitsFor, agreed }: JointAct) => {
    if (of !== 'open' || !state.you) return null
    const canAgree = waitsFor.includes(state.you)
    if (!canAgree && !agreed.some(one => one.role === state.you)) return null
    return (
      <>
        {canAgree ? (
          <Button size="small" type="primary" onClick={() => void agree.run({ id })}>
            {t('agree')}
          </Button>
        ) : null}
        <Button size="small" onClick={() => void refuse.run({ id })}>
          {t(canAgree ? 'refuse' : 'takeBack')}
        </Button>
      </>
    )
  }
  const shown = areAll ? state.acts : state.acts.slice(0, shownFirst)
  return (
    <section aria-label={t('acts')}>
      <h3>{t('acts')}</h3>
      {state.acts.length === 0 ? <p className="wisp-quiet">{t('noActs')}</p> : null}
      <ul style={{ listStyle: 'none', padding: 0 }}>
        {shown.map(act => (
          <Entry
            key={act.id}
            title={`${act.title}${act.about ? ` · ${act.about}` : ''}`}
            mark={<StateMark kind={kinds[act.state]}>{t(act.state)}</StateMark>}
            actions={buttons(act)}
          >
            <Facts>
              {act.facts.map(({ name, value }) => (
                <Fact key={name} name={name}>
                  {value}
                </Fact>
              ))}
              <Fact name={t('agreedBy')}>
                {act.agreed.map(({ role, actor }) => `${t(role)} ${actor}`).join(' / ')}
              </Fact>
              {act.waitsFor.length > 0 ? (
                <>
                  <Fact name={t('waitsFor')}>{act.waitsFor.map(role => t(role)).join(' / ')}</Fact>
                  <Fact name={t('until')}>
                    <Time at={act.expiresAt} />
                  </Fact>
                </>
              ) : null}
            </Facts>
          </Entry>
        ))}
      </ul>
      {state.acts.length > shown.length ? (
        <Button type="link" onClick={() => setAll(true)}>
          {t('allActs', { n: state.acts.length })}
        </Button>
      ) : null}
    </section>
  )
}
