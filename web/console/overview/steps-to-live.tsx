import { CheckCircleFilled, RightOutlined } from '@ant-design/icons'

import type { ReactNode } from 'react'
import type { Step } from '../../../server/features/overview/steps.ts'
import { PageLink } from '../../ui/address/page-link.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { hintOf } from '../start/steps.ts'
import './overview.css'

/** The steps until members can use the platform, with a tick for each that is done. */
export function StepsToLive(props: { steps: readonly Step[] }): ReactNode {
  const t = useText('start')
  const done = props.steps.filter(step => step.done).length
  const all = props.steps.length
  return (
    <Panel title={t('steps')} extra={<span className="wisp-quiet">{t('stepsDone', { done, all })}</span>}>
      <progress
        className="overview-progress"
        value={done}
        max={all}
        aria-label={t('stepsDone', { done, all })}
      />
      <ol className="overview-steps">
        {props.steps.map(step => (
          <StepLine key={step.step} {...step} />
        ))}
      </ol>
    </Panel>
  )
}

function StepLine({ step, done }: Step): ReactNode {
  const t = useText('start')
  return (
    <li className={done ? 'is-done' : ''}>
      {done ? (
        <CheckCircleFilled style={{ color: 'var(--ant-color-success)' }} aria-label={t('stepDone')} />
      ) : (
        <span className="overview-step-open" role="img" aria-label={t('stepOpen')} />
      )}
      <PageLink to="/console/start" search={{ step }}>
        <b>{t(step)}</b>
        <span>{t(hintOf[step])}</span>
      </PageLink>
      {done ? null : <RightOutlined aria-hidden />}
    </li>
  )
}
