import { CheckCircleFilled, RightOutlined } from '@ant-design/icons'
import { Card, Progress, theme } from 'antd'
import type { ReactNode } from 'react'
import type { Step } from '../../../server/features/overview/steps.ts'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useText } from '../../ui/text.ts'
import './overview.css'

/** In their order. */
const wordsOf = {
  corp: ['stepCorp', 'stepCorpHint', '/console/system/corps'],
  doctor: ['stepDoctor', 'stepDoctorHint', '/console/system/corps'],
  sync: ['stepSync', 'stepSyncHint', '/console/sync'],
  callback: ['stepCallback', 'stepCallbackHint', '/console/system/corps'],
  signIn: ['stepSignIn', 'stepSignInHint', '/console/system/corps'],
  messages: ['stepMessages', 'stepMessagesHint', '/console/messages/settings'],
  roles: ['stepRoles', 'stepRolesHint', '/console/directory/roles'],
  developer: ['stepDeveloper', 'stepDeveloperHint', '/console/apps/developers'],
  app: ['stepApp', 'stepAppHint', '/console/apps'],
} as const satisfies Record<Step['step'], readonly [string, string, string]>

const dayOne = (Object.keys(wordsOf) as Step['step'][]).map(step => ({ step, done: false }))

/** The same steps while no corp is connected: the first is to be done here, and the others cannot be opened yet. */
export function StepsOfDayOne(): ReactNode {
  return <StepsToLive steps={dayOne} isDayOne />
}

/** The steps until members can use the platform, with a tick for each that is done. */
export function StepsToLive(props: { steps: readonly Step[]; isDayOne?: boolean }): ReactNode {
  const t = useText('overview')
  const done = props.steps.filter(step => step.done).length
  const all = props.steps.length
  return (
    <Card
      size="small"
      title={t('steps')}
      extra={<span className="wisp-quiet">{t('stepsDone', { done, all })}</span>}
    >
      <Progress
        percent={(done / all) * 100}
        showInfo={false}
        size="small"
        aria-label={t('stepsDone', { done, all })}
      />
      <ol className="overview-steps">
        {props.steps.map(step => (
          <StepLine key={step.step} {...step} isLink={!props.isDayOne} />
        ))}
      </ol>
    </Card>
  )
}

function StepLine(props: Step & { isLink: boolean }): ReactNode {
  const t = useText('overview')
  const { token } = theme.useToken()
  const [name, hint, path] = wordsOf[props.step]
  const words = (
    <>
      <b>{t(name)}</b>
      <span>{t(hint)}</span>
    </>
  )
  return (
    <li className={props.done ? 'is-done' : ''}>
      {props.done ? (
        <CheckCircleFilled style={{ color: token.colorSuccess }} aria-label={t('stepDone')} />
      ) : (
        <span className="overview-step-open" role="img" aria-label={t('stepOpen')} />
      )}
      {props.isLink ? <PageLink to={path}>{words}</PageLink> : <div>{words}</div>}
      {props.done || !props.isLink ? null : <RightOutlined aria-hidden />}
    </li>
  )
}
