import { Alert, Form, Input, Modal } from 'antd'
import type { Dayjs } from 'dayjs'
import { type ReactNode, useId } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { LastDay } from '../scopes/last-day.tsx'
import { UpstreamList, useUpstreamCalls } from '../upstream-paths.tsx'

type Props = {
  request: Answer<'/web/developers/scope-requests'>['list'][number]
  isOpen: boolean
  onClose(): void
}

const refresh = ['/web/developers']

/** Grants what was asked for, until a day or without an end. */
export function GrantDialog({ request, isOpen, onClose }: Props): ReactNode {
  const t = useText('developer-owners')
  const id = useId()
  const act = useAct('/web/developers/scope-requests/grant', { done: t('granted'), refresh })
  const grant = async ({ lastDay }: { lastDay?: Dayjs | null }) => {
    const given = lastDay ? { lastDay: lastDay.format('YYYY-MM-DD') } : {}
    if (await act.run({ id: request.id, ...given })) onClose()
  }
  return (
    <Modal
      open={isOpen}
      title={t('grantTitle', { name: request.developer })}
      okText={t('grant')}
      okButtonProps={{ htmlType: 'submit', form: id, loading: act.isRunning }}
      destroyOnHidden
      onCancel={onClose}
    >
      <p>
        <code>{request.scopes.join(' ')}</code>
      </p>
      <AskedPaths request={request} />
      <Form<{ lastDay?: Dayjs | null }> id={id} layout="vertical" onFinish={form => void grant(form)}>
        <Form.Item name="lastDay" label={t('lastDay')} extra={t('lastDayHint')}>
          <LastDay style={{ width: '100%' }} />
        </Form.Item>
      </Form>
    </Modal>
  )
}

/** Granting calls about people is their approval, which is said before. */
function AskedPaths({ request: { devId, upstreamPaths } }: Pick<Props, 'request'>): ReactNode {
  const t = useText('developer-owners')
  const { personalAmong } = useUpstreamCalls(devId)
  if (upstreamPaths.length === 0) return null
  return (
    <div className="developers-part" style={{ marginBottom: 16 }}>
      <UpstreamList devId={devId} paths={upstreamPaths} />
      {personalAmong(upstreamPaths).length > 0 ? (
        <Alert type="warning" showIcon title={t('grantPersonal')} />
      ) : null}
    </div>
  )
}

/** Refuses a request, and says why. */
export function RefuseDialog({ request, isOpen, onClose }: Props): ReactNode {
  const t = useText('developer-owners')
  const id = useId()
  const act = useAct('/web/developers/scope-requests/refuse', { done: t('refused'), refresh })
  const refuse = async ({ why }: { why: string }) => {
    if (await act.run({ id: request.id, why })) onClose()
  }
  return (
    <Modal
      open={isOpen}
      title={t('refuseTitle', { name: request.developer })}
      okText={t('refuse')}
      okButtonProps={{ htmlType: 'submit', form: id, loading: act.isRunning, danger: true }}
      destroyOnHidden
      onCancel={onClose}
    >
      <Form<{ why: string }> id={id} layout="vertical" onFinish={form => void refuse(form)}>
        <Form.Item
          name="why"
          label={t('refuseWhy')}
          extra={t('refuseWhyHint')}
          rules={[{ required: true, whitespace: true }]}
        >
          <Input.TextArea rows={3} maxLength={500} />
        </Form.Item>
      </Form>
    </Modal>
  )
}
