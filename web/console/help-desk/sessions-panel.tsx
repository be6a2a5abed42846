import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { useClientName } from '../../ui/values/client-name.ts'
import { formatAgo } from '../../ui/values/format.ts'

type Person = Answer<'/web/help-desk/person'>

const refresh = ['/web/help-desk/person']

/** Where the member is signed in, to be ended one by one or all at once. */
export function SessionsPanel({ person }: { person: Person }): ReactNode {
  const t = useText('help-desk')
  const { sessions, userId, userName: name } = person
  const endAll = useAct('/web/help-desk/end-sessions', {
    done: answer => t('endedMany', { n: answer.ended }),
    refresh,
    confirm: () => ({
      title: t('endAllTitle', { name }),
      content: t('endHint'),
      okText: t('endAll'),
      danger: true,
    }),
  })
  return (
    <Panel
      title={t('sessionsTitle')}
      extra={
        sessions.length > 0 ? (
          <Button size="small" danger loading={endAll.isRunning} onClick={() => void endAll.run({ userId })}>
            {t('endAll')}
          </Button>
        ) : null
      }
    >
      {sessions.length === 0 ? <p className="wisp-quiet help-desk-note">{t('sessionsEmpty')}</p> : null}
      <ul className="help-desk-rows">
        {sessions.map(one => (
          <SessionRow key={one.id} person={person} session={one} />
        ))}
      </ul>
      {person.factor.isOn ? <FactorLine person={person} /> : null}
    </Panel>
  )
}

/** Proof of who asks is for the help desk to take: a call back, or a look at the face. */
function FactorLine({ person }: { person: Person }): ReactNode {
  const t = useText('help-desk')
  const { userId, userName: name, factor } = person
  const reset = useAct('/web/help-desk/reset-second-factor', {
    done: t('factorReset'),
    refresh,
    confirm: () => ({
      title: t('factorResetTitle', { name }),
      content: t('factorResetHint'),
      okText: t('factorResetDo'),
      danger: true,
    }),
  })
  return (
    <p className="help-desk-line">
      <span className="help-desk-grow">
        {t('factorOn')}
        {factor.passkeys > 0 ? (
          <span className="wisp-quiet help-desk-below">{t('factorPasskeys', { n: factor.passkeys })}</span>
        ) : null}
      </span>
      <Button size="small" danger loading={reset.isRunning} onClick={() => void reset.run({ userId })}>
        {t('factorResetDo')}
      </Button>
    </p>
  )
}

function SessionRow(props: { person: Person; session: Person['sessions'][number] }): ReactNode {
  const t = useText('help-desk')
  const clientName = useClientName()
  const { person, session } = props
  const { userId, userName: name } = person
  const end = useAct('/web/help-desk/end-session', {
    done: t('ended'),
    refresh,
    confirm: () => ({
      title: t('endTitle', { name }),
      content: t('endHint'),
      okText: t('end'),
      danger: true,
    }),
  })
  const seen = t('seen', { time: formatAgo(session.seenAt) })
  return (
    <li className="help-desk-line">
      <span className="help-desk-grow">
        {clientName(session.userAgent) || t('unknownDevice')}
        <span className="wisp-quiet help-desk-below">
          {[session.address, seen].filter(Boolean).join(' · ')}
        </span>
      </span>
      <Button size="small" loading={end.isRunning} onClick={() => void end.run({ userId, id: session.id })}>
        {t('end')}
      </Button>
    </li>
  )
}
