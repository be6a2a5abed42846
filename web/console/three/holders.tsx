import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import { useText } from '../../ui/text.ts'
import { State as StateMark } from '../../ui/values/state.tsx'
import { Entry } from './entry.tsx'
import type { Place, State } from './state.ts'

type Holder = State['holders'][number]

/** Who the three are; the other two propose to dismiss one, or to reset a second factor. */
export function Holders({ state, place }: { state: State; place: Place }): ReactNode {
  const t = useText('three')
  const propose = useAct(place.isInstallation ? '/web/installation/three/propose' : '/web/three/propose', {
    done: t('proposed'),
    refresh: ['/web/three', '/web/installation/three'],
    confirm: ({ kind }) => ({ title: t(kind === 'three.dismiss' ? 'askDismiss' : 'askFactor') }),
  })
  const run = (kind: string, { role, userId }: Holder) => void propose.run({ kind, given: { role, userId } })
  // The local account is that of all corps and stays in the role.
  const isAccount = ({ name }: Holder) => name === ''
  const buttons = (one: Holder) =>
    state.you && state.you !== one.role ? (
      <>
        {isAccount(one) && !place.isInstallation ? null : (
          <Button size="small" onClick={() => run('three.factor', one)}>
            {t('factor')}
          </Button>
        )}
        {isAccount(one) ? null : (
          <Button size="small" onClick={() => run('three.dismiss', one)}>
            {t('dismiss')}
          </Button>
        )}
      </>
    ) : null
  return (
    <ul aria-label={t('title')} style={{ listStyle: 'none', padding: 0, margin: 0 }}>
      {state.holders.map(one => (
        <Entry
          key={`${one.role} ${one.userId}`}
          title={`${t(one.role)} · ${one.name || t('account')} ${one.userId}`}
          mark={
            <StateMark kind={one.isThere ? 'good' : 'bad'}>{t(one.isThere ? 'there' : 'gone')}</StateMark>
          }
          actions={buttons(one)}
        />
      ))}
    </ul>
  )
}
