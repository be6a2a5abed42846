import { LoadingOutlined } from '@ant-design/icons'
import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { Copies } from '../../ui/connected/copies.tsx'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { later } from '../../ui/fields/later.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { useUseWords } from '../corps/agent-uses.ts'
import { CallbackCopies } from '../corps/copies.tsx'
import { WatchedRun } from '../sync/run-panel.tsx'
import { isOpen } from '../sync/run-words.ts'

const NewAgent = later(async () => (await import('../corps/agent-form.tsx')).NewAgent)
const Agents = later(async () => (await import('../corps/agents.tsx')).Agents)
const CreateDeveloper = later(
  async () => (await import('../developers/create-developer.tsx')).CreateDeveloper,
)
const RoleForm = later(async () => (await import('../directory/role-drawer.tsx')).RoleForm)
const TestForm = later(async () => (await import('../messages/settings/test-send.tsx')).TestForm)

type Corp = Answer<'/web/corps/one'>
type Run = Answer<'/web/start'>['run']

export function CorpStep(props: { corp: Corp }): ReactNode {
  const t = useText('start')
  const { corpId } = props.corp
  return (
    <>
      <CopyId value={corpId} /> <PageLink to={settings}>{t('corpGo')}</PageLink>
    </>
  )
}

const settings = '/console/system/corps/settings'

export function CallbackStep(props: { corp: Corp }): ReactNode {
  const t = useText('start')
  const corps = useText('corps')
  const { corp } = props
  const { addresses, callbackVerifiedAt, effectiveUrl, isPrivate } = corp
  return (
    <>
      {isPrivate && callbackVerifiedAt === null ? (
        <Alert
          type="warning"
          showIcon
          title={t('callbackPrivate', { url: effectiveUrl })}
          action={<PageLink to={settings}>{t('changeAddress')}</PageLink>}
        />
      ) : null}
      <div>
        <CallbackCopies corp={corp} withState={callbackVerifiedAt !== null} />
        {callbackVerifiedAt === null ? (
          <p role="status" className="start-waiting">
            <LoadingOutlined aria-hidden />
            {t('callbackWaiting')}
          </p>
        ) : null}
      </div>
      {addresses.length > 0 ? (
        <div>
          <p className="wisp-quiet">{corps('stepTrustHint')}</p>
          <Copies values={[{ label: corps('addresses'), value: addresses.join(';') }]} />
        </div>
      ) : null}
    </>
  )
}

const needed = ['signin', 'messages'] as const

export function AgentStep(props: { corp: Corp; isDone: boolean }): ReactNode {
  const t = useText('start')
  const corps = useText('corps')
  const words = useUseWords()
  const { corp } = props
  if (props.isDone) return <Agents corp={corp} />
  const missing = needed.filter(use => !corp.agents.some(agent => agent.uses.includes(use)))
  return (
    <>
      <p className="wisp-quiet">
        {corp.agents.length > 0
          ? t('agentMissing', { uses: missing.map(words).join('、') })
          : corps('agentsEmptyHint')}
      </p>
      <NewAgent />
    </>
  )
}

export function SyncStep(props: { corp: Corp; run: Run }): ReactNode {
  const t = useText('start')
  const { corp, run } = props
  const start = useAct('/web/sync/start', { refresh: ['/web/start', '/web/sync'] })
  return (
    <>
      {run ? <WatchedRun key={run.id} id={run.id} /> : <p className="wisp-quiet">{t('syncNone')}</p>}
      {corp.regime === 'restricted' ? <p className="wisp-quiet">{t('syncNames')}</p> : null}
      {run && isOpen(run) ? null : (
        <div>
          <Button loading={start.isRunning} onClick={() => void start.run({ kind: 'full' })}>
            {t('syncNow')}
          </Button>
        </div>
      )}
    </>
  )
}

export function MessageStep(props: { isSynced: boolean }): ReactNode {
  const t = useText('start')
  return (
    <>
      {props.isSynced ? null : <Alert type="info" showIcon title={t('messageNeedsSync')} />}
      <TestForm channel="wecom" />
      <PageLink to="/console/messages/settings">{t('messageOthers')}</PageLink>
    </>
  )
}

export function AdministratorStep(props: { isDone: boolean }): ReactNode {
  const t = useText('start')
  if (props.isDone) return <PageLink to="/console/directory/roles">{t('administratorGo')}</PageLink>
  return <RoleForm level={2} />
}

export function DeveloperStep(props: { isDone: boolean }): ReactNode {
  const t = useText('start')
  if (props.isDone) return <PageLink to="/console/apps/developers">{t('developerGo')}</PageLink>
  return <CreateDeveloper />
}
