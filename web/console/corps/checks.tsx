import { CheckCircleFilled, CloseCircleFilled, ExclamationCircleFilled } from '@ant-design/icons'
import { Alert, Button, theme } from 'antd'
import type { ReactNode } from 'react'
import type { Check } from '../../../server/organisation/corps/doctor/doctor.ts'
import { useText } from '../../ui/text.ts'
import './corps.css'

const stateKeys = { ok: 'stateOk', warning: 'stateWarning', failed: 'stateFailed' } as const

/** The symbol ✓, ! or ✗, with a word for screen readers. */
export function CheckMark(props: { state: Check['state'] }): ReactNode {
  const t = useText('corps')
  const { token } = theme.useToken()
  const label = t(stateKeys[props.state])
  const Icon = { ok: CheckCircleFilled, warning: ExclamationCircleFilled, failed: CloseCircleFilled }[
    props.state
  ]
  const color = { ok: token.colorSuccess, warning: token.colorWarning, failed: token.colorError }[props.state]
  return <Icon style={{ color, fontSize: 16 }} role="img" aria-label={label} title={label} />
}

/** The checks: what was checked, what was found, and what to change and where. */
export function Checks(props: { checks: readonly Check[] }): ReactNode {
  const t = useText('corps')
  return (
    <ul className="corps-checks">
      {props.checks.map(check => (
        <li key={check.id}>
          <CheckMark state={check.state} />
          <div>
            <div>
              <strong>{check.title}</strong> {check.detail}
            </div>
            {check.fix ? (
              <div className="corps-fix">
                <span className="wisp-quiet">{t('fix')}</span> {check.fix}
              </div>
            ) : null}
          </div>
        </li>
      ))}
    </ul>
  )
}

/** Shown when WeCom refused the values to be saved: WeCom's answer, and a button to save them anyway. */
export function Refusal(props: { checks: readonly Check[]; isSaving: boolean; force(): void }): ReactNode {
  const t = useText('corps')
  return (
    <Alert
      type="error"
      showIcon
      title={t('refusedTitle')}
      description={
        <>
          <Checks checks={props.checks} />
          <Button size="small" loading={props.isSaving} onClick={props.force}>
            {t('forceSave')}
          </Button>
        </>
      }
    />
  )
}
