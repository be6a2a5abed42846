import { CheckCircleFilled, RightOutlined } from '@ant-design/icons'
import { Card, Progress, theme } from 'antd'
import type { ReactNode } from 'react'
import type { Step } from '../../../server/overview/steps.ts'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useText } from '../../ui/text.ts'

const wordsOf = {
  app: ['stepApp', 'stepAppHint', '/console/apps'],
  callback: ['stepCallback', 'stepCallbackHint', '/console/system/corps'],
  corp: ['stepCorp', 'stepCorpHint', '/console/system/corps'],
  developer: ['stepDeveloper', 'stepDeveloperHint', '/console/apps/developers'],
  doctor: ['stepDoctor', 'stepDoctorHint', '/console/system/corps'],
  messages: ['stepMessages', 'stepMessagesHint', '/console/messages/settings'],
  roles: ['stepRoles', 'stepRolesHint', '/console/directory/roles'],
  signIn: ['stepSignIn', 'stepSignInHint', '/console/system/corps'],
  sync: ['stepSync', 'stepSyncHint', '/console/sync'],
} as const satisfies Record<Step['step'], readonly [string, string, string]>

/** The steps until members can use the platform, with a tick for each that is done. */
export function StepsToLive(props: { steps: readonly Step[] }): ReactNode {
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
          <StepLine key={step.step} {...step} />
        ))}
      </ol>
    </Card>
  )
}

function StepLine(props: Step): ReactNode {
  const t = useText('overview')
  const { token } = theme.useToken()
  const [name, hint, path] = wordsOf[props.step]
  return (
    <li className={props.done ? 'is-done' : ''}>
      {props.done ? (
        <CheckCircleFilled style={{ color: token.colorSuccess }} aria-label={t('stepDone')} />
      ) : (
        <span className="overview-step-open" role="img" aria-label={t('stepOpen')} />
      )}
      <PageLink to={path}>
        <b>{t(name)}</b>
        <span>{t(hint)}</span>
      </PageLink>
      {props.done ? null : <RightOutlined aria-hidden />}
    </li>
  )
}
