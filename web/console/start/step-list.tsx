import { CheckCircleFilled, DownOutlined, LoadingOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { type ReactNode, useId } from 'react'
import type { Step } from '../../../server/features/overview/steps.ts'
import { useText } from '../../ui/text.ts'
import './start.css'
import { nextAfter, type StepName } from './steps.ts'
import { useOpenStep } from './use-open-step.ts'

export type StepView = {
  /** What has come of it, or what it is about. */
  summary: ReactNode
  isBusy?: boolean
  /** Absent for a step that cannot be done before the first. */
  body?: ReactNode
}

/** The steps in one column, one of them open with its form in it. */
export function StepList(props: { steps: readonly Step[]; view: Record<StepName, StepView> }): ReactNode {
  const t = useText('start')
  const { steps, view } = props
  const { open, choose, isKept, list } = useOpenStep(steps)
  const done = steps.filter(step => step.done).length
  const all = steps.length
  return (
    <>
      <h2 className="wisp-hidden">{t('steps')}</h2>
      <div className="start-progress">
        <Progress
          percent={(done / all) * 100}
          showInfo={false}
          size="small"
          aria-label={t('stepsDone', { done, all })}
        />
        <span className="wisp-quiet" role="status">
          {t('stepsDone', { done, all })}
        </span>
      </div>
      <ol className="start-steps" ref={list}>
        {steps.map((one, index) => (
          <StepRow
            key={one.step}
            {...one}
            {...view[one.step]}
            number={index + 1}
            isOpen={open === one.step}
            isKept={isKept(one.step)}
            toggle={() => choose(open === one.step ? undefined : one.step)}
            further={<Further step={one} next={nextAfter(steps, one.step)} go={choose} />}
          />
        ))}
      </ol>
    </>
  )
}

function StepRow(
  props: Step &
    StepView & {
      number: number
      isOpen: boolean
      isKept: boolean
      toggle(): void
      further: ReactNode
    },
): ReactNode {
  const t = useText('start')
  const id = useId()
  const { step, done, body, isOpen } = props
  const canOpen = body !== undefined
  return (
    <li className={[isOpen ? 'is-open' : '', done ? 'is-done' : ''].join(' ')}>
      <h3>
        <button
          type="button"
          className="start-head"
          data-step={step}
          aria-expanded={isOpen}
          aria-controls={`${id}-body`}
          disabled={!canOpen}
          onClick={props.toggle}
        >
          <Mark done={done} isBusy={props.isBusy === true} number={props.number} />
          <span className="start-words">
            <b id={`${id}-name`}>{t(step)}</b>
            <small>{props.summary}</small>
          </span>
          {canOpen ? <DownOutlined aria-hidden className="start-arrow" /> : null}
        </button>
      </h3>
      <section id={`${id}-body`} aria-labelledby={`${id}-name`} className="start-body" hidden={!isOpen}>
        {isOpen || props.isKept ? (
          <>
            {body}
            {props.further}
          </>
        ) : null}
      </section>
    </li>
  )
}

function Mark(props: { done: boolean; isBusy: boolean; number: number }): ReactNode {
  const t = useText('start')
  if (props.done)
    return (
      <CheckCircleFilled
        className="start-mark"
        style={{ color: 'var(--ant-color-success)' }}
        aria-label={t('stepDone')}
      />
    )
  if (props.isBusy) return <LoadingOutlined className="start-mark" aria-label={t('stepBusy')} />
  return (
    <span className="start-mark start-number" role="img" aria-label={t('stepOpen')}>
      {props.number}
    </span>
  )
}

/** Leads on from what is done, or past what cannot be done now. */
function Further(props: { step: Step; next: StepName | undefined; go(step: StepName): void }): ReactNode {
  const t = useText('start')
  const { step, next, go } = props
  // Nothing can be done before a corp is connected.
  if (next === undefined || (step.step === 'corp' && !step.done)) return null
  return (
    <div className="start-further">
      {step.done ? (
        <Button type="primary" onClick={() => go(next)}>
          {t('next', { step: t(next) })}
        </Button>
      ) : (
        <Button type="text" size="small" onClick={() => go(next)}>
          {t('later')}
        </Button>
      )}
    </div>
  )
}
