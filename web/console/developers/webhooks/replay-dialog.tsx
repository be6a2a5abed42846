import { Form, Modal } from 'antd'
import type { Dayjs } from 'dayjs'
import { type ReactNode, useId } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { RangePicker } from '../../../ui/fields/dates.tsx'
import { useText } from '../../../ui/text.ts'
import { momentPicked } from '../../../ui/values/picked.ts'

/** Has the events of a time delivered again. */
export function ReplayDialog(props: {
  devId: string
  webhookId: string
  isOpen: boolean
  close(): void
}): ReactNode {
  const t = useText('webhooks')
  const { devId, webhookId, isOpen, close } = props
  const id = useId()
  const act = useAct('/web/developers/webhooks/replay', {
    refresh: ['/web/developers/webhooks'],
    done: ({ count }) => t('replayed', { n: count }),
  })
  const submit = async ({ range: [from, to] }: { range: [Dayjs, Dayjs] }) => {
    const given = { from: momentPicked(from), to: momentPicked(to) }
    if (await act.run({ devId, webhookId, ...given })) close()
  }
  return (
    <Modal
      open={isOpen}
      title={t('replayTitle')}
      okText={t('replay')}
      okButtonProps={{ htmlType: 'submit', form: id, loading: act.isRunning }}
      onCancel={close}
      destroyOnHidden
    >
      <p className="wisp-quiet">{t('replayHint')}</p>
      <Form<{ range: [Dayjs, Dayjs] }> id={id} layout="vertical" onFinish={values => void submit(values)}>
        <Form.Item
          name="range"
          label={t('replayRange')}
          rules={[{ required: true, message: t('replayRangeNeeded') }]}
        >
          <RangePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" />
        </Form.Item>
      </Form>
    </Modal>
  )
}
