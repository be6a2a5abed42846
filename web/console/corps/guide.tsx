import { Alert, Spin } from 'antd'
import type { ReactNode } from 'react'
import type { Check } from '../../../server/organisation/corps/doctor/doctor.ts'
import { CheckMark, Checks } from '../../ui/connected/checks.tsx'
import { ExamineBar } from '../../ui/connected/examination.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'
import { type Step, useSteps, worstOf } from './steps.tsx'
import './corps.css'

/**
 * The checks as a list of steps, in the order that works when a corp is connected for the first time. `isBrief`: only what was found
 * wrong, while the steps of going live lead through all of them.
 */
export function Guide(props: { corp: Answer<'/web/corps/one'>; isBrief: boolean }): ReactNode {
  const t = useText('corps')
  const { corp } = props
  const examine = useAct('/web/corps/doctor', { refresh: ['/web/corps'] })
  const checks = corp.diagnosis?.checks ?? []
  const steps = useSteps(corp, checks)
  return (
    <>
      <ExamineBar
        diagnosis={corp.diagnosis}
        isRunning={examine.isRunning}
        examine={() => void examine.run({})}
        about={t('examineFirst')}
        waiting={t('examining')}
        isMinor={props.isBrief}
      />
      {checks.length > 0 && !examine.isRunning ? <Verdict checks={checks} /> : null}
      {props.isBrief ? (
        <Findings checks={checks} />
      ) : (
        <Spin spinning={examine.isRunning}>
          <ol className="corps-steps">
            {steps.map((step, index) => (
              <StepView key={step.key} step={step} number={index + 1} />
            ))}
          </ol>
        </Spin>
      )}
    </>
  )
}

function Findings(props: { checks: readonly Check[] }): ReactNode {
  const found = props.checks.filter(check => check.state !== 'ok')
  return found.length > 0 ? <Checks checks={found} /> : null
}

function Verdict(props: { checks: readonly Check[] }): ReactNode {
  const t = useText('corps')
  const count = (state: Check['state']) => props.checks.filter(check => check.state === state).length
  const [failed, warned] = [count('failed'), count('warning')]
  const shown =
    failed > 0
      ? ({ type: 'error', text: t('verdictBad', { n: failed }) } as const)
      : warned > 0
        ? ({ type: 'warning', text: t('verdictWarn', { n: warned }) } as const)
        : ({ type: 'success', text: t('verdictGood') } as const)
  return <Alert type={shown.type} showIcon title={shown.text} style={{ maxWidth: 960, margin: '16px 0' }} />
}

function StepView(props: { step: Step; number: number }): ReactNode {
  const t = useText('corps')
  const { step, number } = props
  const worst = worstOf(step.checks)
  return (
    <li>
      <div className="corps-rail">
        <span>{number}</span>
      </div>
      <div className="corps-step">
        <h3>
          {step.title}{' '}
          {worst ? (
            <CheckMark state={worst} />
          ) : (
            <small className="wisp-quiet" style={{ fontWeight: 400 }}>
              {t('stateNone')}
            </small>
          )}
        </h3>
        <p>{step.hint}</p>
        <Checks checks={step.checks} />
        {step.body}
      </div>
    </li>
  )
}
