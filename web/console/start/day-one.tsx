import { Alert } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useRefresh } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { Guide } from '../corps/guide.tsx'
import { isOpen } from '../sync/run-words.ts'
import './start.css'
import { later } from '../../ui/fields/later.tsx'
import {
  AdministratorStep,
  AgentStep,
  CallbackStep,
  CorpStep,
  DeveloperStep,
  MessageStep,
  SyncStep,
} from './step-bodies.tsx'
import { StepList, type StepView } from './step-list.tsx'
import { hintOf, noneDone, type StepName, stepNames } from './steps.ts'

const ConnectForm = later(async () => (await import('../corps/connect-form.tsx')).ConnectForm)

const whileOpenMs = 2000

/** Before a corp is connected, which is the step that is open. */
export function FirstStep(): ReactNode {
  const t = useText('start')
  const refresh = useRefresh()
  useEffect(() => {
    // The corp may have been connected in another tab.
    const look = () => {
      if (!document.hidden) void refresh('/web/session')
    }
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [refresh])
  const view = Object.fromEntries(
    stepNames.map((step): [StepName, StepView] => [step, { summary: t(hintOf[step]) }]),
  ) as Record<StepName, StepView>
  return (
    <div className="start">
      <StepList steps={noneDone} view={{ ...view, corp: { ...view.corp, body: <ConnectForm /> } }} />
    </div>
  )
}

/** The steps of a corp, and below them whether what was set up works. */
export function DayOne(props: { corp: Answer<'/web/corps/one'> }): ReactNode {
  const t = useText('start')
  const { corp } = props
  const refresh = useRefresh()
  const read = useRead('/web/start', {}, { every: start => (isComplete(start) ? false : whileOpenMs) })
  const done = read.data?.steps.filter(one => one.done).length
  useEffect(() => {
    // Each step that gets done changes what is shown of the corp.
    if (done !== undefined) void refresh('/web/corps/one')
  }, [done, refresh])
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={400} />
  const isAllDone = isComplete(read.data)
  const checkup = (
    <section aria-label={t('checkup')}>
      <Panel title={t('checkup')}>
        <Guide corp={corp} isBrief={!isAllDone} />
      </Panel>
    </section>
  )
  return (
    <div className="start">
      <Steps corp={corp} start={read.data} />
      {checkup}
    </div>
  )
}

function isComplete(start: Answer<'/web/start'> | undefined): boolean {
  return start?.steps.every(one => one.done) === true
}

type DayOneData = { corp: Answer<'/web/corps/one'>; start: Answer<'/web/start'> }

/** Gone for a corp whose steps were all done before; they stay for whoever has just finished them. */
function Steps(props: DayOneData): ReactNode {
  const t = useText('start')
  const { steps } = props.start
  const isAllDone = isComplete(props.start)
  const [wasAllDone] = useState(isAllDone)
  const view = useViews(props)
  if (wasAllDone) return null
  return (
    <section aria-label={t('steps')} className="start-list">
      {isAllDone ? (
        <Alert
          type="success"
          showIcon
          role="status"
          title={t('allDone')}
          description={t('allDoneNext')}
          action={<PageLink to="/console/apps">{t('addApp')}</PageLink>}
        />
      ) : (
        <p className="wisp-quiet start-hint">{t('hint')}</p>
      )}
      <StepList steps={steps} view={view} />
    </section>
  )
}

function useViews({ corp, start }: DayOneData): Record<StepName, StepView> {
  const t = useText('start')
  const isDone = (step: StepName) => start.steps.some(one => one.step === step && one.done)
  const { agents, members, departments } = corp
  const isSyncing = start.run !== null && isOpen(start.run)
  const said = (step: StepName, done: ReactNode) => (isDone(step) ? done : t(hintOf[step]))
  return {
    corp: { summary: corp.name, body: <CorpStep corp={corp} /> },
    callback: { summary: said('callback', t('callbackDone')), body: <CallbackStep corp={corp} /> },
    agent: {
      summary: said('agent', agents.map(one => one.name).join('、')),
      body: <AgentStep corp={corp} isDone={isDone('agent')} />,
    },
    sync: {
      summary: isSyncing ? t('syncRunning') : said('sync', t('syncDone', { members, departments })),
      isBusy: isSyncing,
      body: <SyncStep corp={corp} run={start.run} />,
    },
    message: {
      summary: said('message', t('messageDone')),
      body: <MessageStep isSynced={isDone('sync')} />,
    },
    administrator: {
      summary: said('administrator', t('administratorDone')),
      body: <AdministratorStep isDone={isDone('administrator')} />,
    },
    developer: {
      summary: said('developer', t('developerDone')),
      body: <DeveloperStep isDone={isDone('developer')} />,
    },
  }
}
