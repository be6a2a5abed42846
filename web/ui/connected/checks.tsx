import { CheckCircleFilled, CloseCircleFilled, ExclamationCircleFilled } from '@ant-design/icons'

import type { ReactNode } from 'react'
import type { Check } from '../../../server/organisation/corps/doctor/doctor.ts'
import { useText } from '../text.ts'
import './connected.css'

const stateKeys = { ok: 'stateOk', warning: 'stateWarning', failed: 'stateFailed' } as const

/** The symbol ✓, ! or ✗, with a word for screen readers. */
export function CheckMark(props: { state: Check['state'] }): ReactNode {
  const t = useText('objects')
  const label = t(stateKeys[props.state])
  const Icon = { ok: CheckCircleFilled, warning: ExclamationCircleFilled, failed: CloseCircleFilled }[
    props.state
  ]
  const color = {
    ok: 'var(--ant-color-success)',
    warning: 'var(--ant-color-warning)',
    failed: 'var(--ant-color-error)',
  }[props.state]
  return <Icon style={{ color, fontSize: 16 }} role="img" aria-label={label} title={label} />
}

/** The checks: what was checked, what was found, and what to change and where. */
export function Checks(props: { checks: readonly Check[] }): ReactNode {
  const t = useText('objects')
  return (
    <ul className="wisp-checks">
      {props.checks.map(check => (
        <li key={check.id}>
          <CheckMark state={check.state} />
          <div>
            <div>
              <strong>{check.title}</strong> {check.detail}
            </div>
            {check.fix ? (
              <div className="wisp-fix">
                <span className="wisp-quiet">{t('fix')}</span> {check.fix}
              </div>
            ) : null}
          </div>
        </li>
      ))}
    </ul>
  )
}
