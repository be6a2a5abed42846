import { ArrowLeftOutlined } from '@ant-design/icons'
import { Alert, Button, Select, Space, Tag } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useSecretOnce } from '../../../ui/secret-once.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyId } from '../../../ui/values/copy.tsx'
import { formatDuration, formatTime } from '../../../ui/values/format.ts'
import { Time } from '../../../ui/values/time.tsx'
import { Exchange } from './exchange.tsx'
import { ReplayDialog } from './replay-dialog.tsx'
import { Standing, typeText, type Webhook } from './standing.tsx'
import { WebhookForm } from './webhook-form.tsx'
import { WebhookLog } from './webhook-log.tsx'

const refresh = ['/web/developers/webhooks']

/** One webhook: how it does, what can be done with it, and its log. */
export function WebhookDetail(props: {
  devId: string
  webhook: Webhook
  /** Those whose sample can be sent, beside the test event. */
  types: readonly string[]
  back(): void
}): ReactNode {
  const t = useText('webhooks')
  const { devId, webhook, types, back } = props
  return (
    <div className="webhooks">
      <div>
        <Button type="link" icon={<ArrowLeftOutlined />} className="webhooks-back" onClick={back}>
          {t('back')}
        </Button>
        <h3 className="webhooks-url">{webhook.url}</h3>
        {webhook.description ? <div className="wisp-quiet">{webhook.description}</div> : null}
        <div className="webhooks-facts">
          <Standing webhook={webhook} />
          <CopyId value={webhook.webhookId} />
          <span>
            {t('succeededAt')} <Time at={webhook.succeededAt} none={t('never')} />
          </span>
          <span>
            {t('seq')} {webhook.seq}
          </span>
        </div>
        <div className="webhooks-facts">
          {webhook.types.length === 0 ? <Tag>{t('typesAll')}</Tag> : null}
          {webhook.types.map(type => (
            <Tag key={type}>{typeText(type, t)}</Tag>
          ))}
        </div>
      </div>
      <Notices webhook={webhook} />
      <Actions devId={devId} webhook={webhook} types={types} back={back} />
      <WebhookLog devId={devId} webhook={webhook} />
    </div>
  )
}

/** Why it is off, how long it has failed, and that two secrets sign. */
function Notices(props: { webhook: Webhook }): ReactNode {
  const t = useText('webhooks')
  const { offReason, failingSince, pausedUntil, oldSecretEndsAt, state } = props.webhook
  const isFailing = state === 'on' && failingSince !== ''
  return (
    <>
      {offReason ? (
        <Alert type={offReason === 'developer' ? 'info' : 'error'} showIcon title={t(`off:${offReason}`)} />
      ) : null}
      {isFailing ? (
        <Alert
          type="warning"
          showIcon
          title={t('failingSince', { time: formatTime(failingSince) })}
          description={pausedUntil ? t('paused', { time: formatTime(pausedUntil) }) : undefined}
        />
      ) : null}
      {oldSecretEndsAt ? (
        <Alert type="info" showIcon title={t('oldSecret', { time: formatTime(oldSecretEndsAt) })} />
      ) : null}
    </>
  )
}

type TestAnswer = Answer<'/web/developers/webhooks/test'>

function Actions(props: {
  devId: string
  webhook: Webhook
  types: readonly string[]
  back(): void
}): ReactNode {
  const t = useText('webhooks')
  const { devId, webhook, types, back } = props
  const key = { devId, webhookId: webhook.webhookId }
  const showOnce = useSecretOnce()
  const [open, setOpen] = useState<'edit' | 'replay'>()
  const [sent, setSent] = useState<TestAnswer>()
  const turn = useAct('/web/developers/webhooks/switch', {
    refresh,
    confirm: ({ state }) =>
      state === 'off'
        ? { title: t('switchOffTitle'), content: t('switchOffHint'), okText: t('switchOff') }
        : undefined,
  })
  const rotate = useAct('/web/developers/webhooks/rotate', {
    refresh,
    confirm: () => ({ title: t('rotateTitle'), content: t('rotateHint'), okText: t('rotate') }),
  })
  const remove = useAct('/web/developers/webhooks/remove', {
    refresh,
    done: t('removed'),
    confirm: () => ({
      title: t('removeTitle'),
      content: t('removeHint'),
      okText: t('remove'),
      danger: true,
    }),
  })
  const isOn = webhook.state === 'on'
  const renew = async () => {
    const made = await rotate.run(key)
    if (made)
      await showOnce({ title: t('rotatedTitle'), secrets: [{ label: t('secret'), value: made.secret }] })
  }
  return (
    <>
      <div className="webhooks-actions">
        <TestButton {...key} types={types} done={setSent} />
        <Button onClick={() => setOpen('edit')}>{t('edit')}</Button>
        <Button disabled={!isOn} onClick={() => setOpen('replay')}>
          {t('replay')}
        </Button>
        <Button loading={rotate.isRunning} onClick={() => void renew()}>
          {t('rotate')}
        </Button>
        <Button
          type={isOn ? 'default' : 'primary'}
          loading={turn.isRunning}
          onClick={() => void turn.run({ ...key, state: isOn ? 'off' : 'on' })}
        >
          {isOn ? t('switchOff') : t('switchOn')}
        </Button>
        <Button
          danger
          loading={remove.isRunning}
          onClick={() => void remove.run(key).then(done => done && back())}
        >
          {t('remove')}
        </Button>
      </div>
      {sent ? (
        <Alert
          type={sent.error ? 'error' : 'success'}
          closable
          onClose={() => setSent(undefined)}
          title={
            sent.error
              ? t('testBad', { error: sent.error })
              : t('testGood', { status: sent.status, took: formatDuration(sent.ms) })
          }
          description={<Exchange sent={sent} />}
        />
      ) : null}
      <WebhookForm
        devId={devId}
        webhook={webhook}
        isOpen={open === 'edit'}
        close={() => setOpen(undefined)}
      />
      <ReplayDialog {...key} isOpen={open === 'replay'} close={() => setOpen(undefined)} />
    </>
  )
}

const testType = 'webhook.test'

/** Sends the test event, or the sample of another. */
function TestButton(props: {
  devId: string
  webhookId: string
  types: readonly string[]
  done(sent: TestAnswer | undefined): void
}): ReactNode {
  const t = useText('webhooks')
  const { devId, webhookId, types, done } = props
  const [type, setType] = useState(testType)
  const test = useAct('/web/developers/webhooks/test', { refresh })
  return (
    <Space.Compact>
      <Select
        aria-label={t('testType')}
        className="webhooks-test-type"
        showSearch
        popupMatchSelectWidth={false}
        value={type}
        options={[testType, ...types].map(value => ({ value, label: value }))}
        onChange={setType}
      />
      <Button loading={test.isRunning} onClick={() => void test.run({ devId, webhookId, type }).then(done)}>
        {t('test')}
      </Button>
    </Space.Compact>
  )
}
