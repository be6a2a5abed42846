import { Button, Form, Input, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { RemoveThing } from '../../ui/connected/remove-thing.tsx'
import { useAct, useConfirm } from '../../ui/data/act.tsx'
import { type Answer, addressOf } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { isUnknown, UnknownObject } from '../../ui/objects/object-page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { formatBytes, formatNumber, formatTime } from '../../ui/values/format.ts'
import { State } from '../../ui/values/state.tsx'
import './operator.css'

const path = '/web/corp-lifecycle/state'
const prefix = '/web/corp-lifecycle/'
const everyMs = 3000

type Corp = Answer<typeof path>

/** Suspending a corp, exporting it and deleting it whole: for the operator, on whichever page shows the corp. */
export function CorpActs({ corpId }: { corpId: string }): ReactNode {
  const t = useText('corp-lifecycle')
  const { data, error, refetch } = useRead(
    path,
    { ofCorp: corpId },
    {
      every: data => (data && isMoving(data) ? everyMs : false),
    },
  )
  const title = useText('operator')('title')
  const kind = useText('console')('operatorCorp')
  if (error && !data && isUnknown(error))
    return <UnknownObject kind={kind} list={{ to: '/console/operator', title }} />
  if (error && !data)
    return (
      <Panel title={t('title')}>
        <ErrorState error={error} retry={() => void refetch()} />
      </Panel>
    )
  return <Panel title={t('title')}>{data ? <Acts corp={data} /> : <Loading />}</Panel>
}

/** A download ends without telling the page. */
function isMoving({ state, obstacles }: Corp): boolean {
  return state === 'removing' || (state === 'suspended' && obstacles.some(one => one.what === 'export'))
}

function Acts({ corp }: { corp: Corp }): ReactNode {
  const t = useText('corp-lifecycle')
  if (corp.state === 'removing' || corp.state === 'removed') return <Progress corp={corp} />
  return (
    <>
      <p className="wisp-quiet operator-hint">{t('hint')}</p>
      <dl className="operator-acts">
        <dt>{t('state')}</dt>
        <dd>
          <Suspension corp={corp} />
        </dd>
        <dt>{t('export')}</dt>
        <dd>
          <Export corp={corp} />
        </dd>
        <dt>{t('delete')}</dt>
        <dd>
          <Delete corp={corp} />
        </dd>
      </dl>
    </>
  )
}

function Suspension({ corp }: { corp: Corp }): ReactNode {
  const t = useText('corp-lifecycle')
  const [isOpen, setOpen] = useState(false)
  const confirm = useConfirm()
  const resume = useAct('/web/corp-lifecycle/resume', { done: t('resumeDone'), refresh: ['/web/'] })
  const { suspension, corpId: ofCorp, name } = corp
  const ask = async () => {
    const question = { title: t('resumeTitle', { name }), content: t('resumeWhat'), okText: t('resume') }
    if (await confirm(question)) await resume.run({ ofCorp })
  }
  return (
    <>
      {suspension ? (
        <>
          <State kind="warn">{t('suspended')}</State>
          <p className="operator-reason">{suspension.reason}</p>
          <p className="wisp-quiet">
            {t('suspendedSince', { by: suspension.by, time: formatTime(suspension.at) })}
          </p>
          <div className="operator-buttons">
            <Button type="primary" loading={resume.isRunning} onClick={() => void ask()}>
              {t('resume')}
            </Button>
            <Button onClick={() => setOpen(true)}>{t('changeReason')}</Button>
          </div>
        </>
      ) : (
        <>
          <State kind="good">{t('open')}</State>
          <div className="operator-buttons">
            <Button onClick={() => setOpen(true)}>{t('suspend')}</Button>
          </div>
        </>
      )}
      <SuspendDialog corp={corp} isOpen={isOpen} onClose={() => setOpen(false)} />
    </>
  )
}

function SuspendDialog(props: { corp: Corp; isOpen: boolean; onClose(): void }): ReactNode {
  const t = useText('corp-lifecycle')
  const { corp, isOpen, onClose } = props
  const [form] = Form.useForm<{ reason: string }>()
  const act = useAct('/web/corp-lifecycle/suspend', { done: t('suspendDone'), refresh: ['/web/'] })
  const suspend = async ({ reason }: { reason: string }) => {
    if (await act.run({ ofCorp: corp.corpId, reason })) onClose()
  }
  return (
    <Modal
      open={isOpen}
      title={t('suspendTitle', { name: corp.name })}
      okText={corp.suspension ? t('changeReason') : t('suspend')}
      okButtonProps={{ danger: !corp.suspension }}
      confirmLoading={act.isRunning}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <p>{t('suspendWhat')}</p>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ reason: corp.suspension?.reason ?? '' }}
        onFinish={values => void suspend(values)}
      >
        <Form.Item
          name="reason"
          label={t('reasonLabel')}
          rules={[{ required: true, whitespace: true, message: t('reasonNeeded') }]}
        >
          <Input maxLength={200} showCount placeholder={t('reasonExample')} autoComplete="off" />
        </Form.Item>
      </Form>
    </Modal>
  )
}

function Export({ corp: { corpId: ofCorp, lastExport } }: { corp: Corp }): ReactNode {
  const t = useText('corp-lifecycle')
  return (
    <>
      <p className="wisp-quiet operator-hint">{t('exportHint')}</p>
      {lastExport ? (
        <>
          <p>
            {t('exportLast', {
              by: lastExport.exportedBy,
              time: formatTime(lastExport.exportedAt),
              rows: lastExport.rows,
              bytes: formatBytes(lastExport.bytes),
            })}
          </p>
          <p className="operator-hash">
            <span className="wisp-quiet">SHA-256</span> <CopyId value={lastExport.sha256} />
          </p>
        </>
      ) : (
        <p>{t('exportNever')}</p>
      )}
      <div className="operator-buttons">
        <Button href={addressOf('/web/corp-lifecycle/export', { ofCorp })} download>
          {t('exportNow')}
        </Button>
      </div>
    </>
  )
}

function Delete({ corp }: { corp: Corp }): ReactNode {
  const t = useText('corp-lifecycle')
  const act = useAct('/web/corp-lifecycle/delete', { done: t('deleteStarted'), refresh: [prefix] })
  const { corpId: ofCorp, name, obstacles } = corp
  const isReady = obstacles.length === 0
  return (
    <>
      {isReady ? (
        <p>
          <State kind="good">{t('deleteReady')}</State>
        </p>
      ) : (
        <ul className="operator-obstacles">
          {obstacles.map(one => (
            <li key={one.what}>
              <State kind="warn">{one.text}</State>
            </li>
          ))}
        </ul>
      )}
      {isReady ? (
        <RemoveThing
          act={t('deleteNow')}
          title={t('deleteTitle', { name })}
          hint={t('deleteHint')}
          id={ofCorp}
          idName={t('corpId')}
          isRunning={act.isRunning}
          remove={confirm => act.run({ ofCorp, confirm })}
        >
          <p>{t('deleteHint')}</p>
          <p>{t('deleteWhat')}</p>
        </RemoveThing>
      ) : (
        <>
          <p className="wisp-quiet operator-hint">{t('deleteHint')}</p>
          <div className="operator-buttons">
            <Button danger disabled>
              {t('deleteNow')}
            </Button>
          </div>
        </>
      )}
    </>
  )
}

function Progress({ corp: { state, removal, rowsToRemove } }: { corp: Corp }): ReactNode {
  const t = useText('corp-lifecycle')
  const done = formatNumber(removal?.rows.reduce((sum, one) => sum + one.count, 0) ?? 0)
  return (
    <>
      <State kind={state === 'removing' ? 'busy' : 'idle'}>{t(state)}</State>
      <p aria-live="polite">
        {rowsToRemove
          ? t('progress', { done, total: formatNumber(rowsToRemove) })
          : t('progressOnly', { done })}
      </p>
      <Button href="/console/operator/removed">{t('seeRemovals')}</Button>
    </>
  )
}
