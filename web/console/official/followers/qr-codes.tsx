import { Button, Form, Input, Modal, Radio } from 'antd'
import { type ReactNode, useState } from 'react'
import { SideDrawer } from '../../../ui/address/drawer.tsx'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { useAct } from '../../../ui/data/act.tsx'
import type { Row } from '../../../ui/data/api.ts'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import { QrCode } from '../../../ui/values/qr-code.tsx'
import { Time } from '../../../ui/values/time.tsx'
import type { Account } from '../use-account.tsx'

type Code = Row<'/web/official/qr-codes'>

export function QrCodes({ account }: { account: Account }): ReactNode {
  const t = useText('official-followers')
  const { originalId } = account
  const [isMaking, setMaking] = useState(false)
  const [shown, setShown] = useState<Pick<Code, 'scene' | 'url'>>()
  return (
    <>
      <div className="wisp-filters">
        <Button type="primary" onClick={() => setMaking(true)}>
          {t('createQr')}
        </Button>
      </div>
      <ListTable
        path="/web/official/qr-codes"
        label={t('qrCodes')}
        fixed={{ originalId }}
        columns={useColumns(originalId, setShown)}
        rowKey={row => row.scene}
        empty={<EmptyState title={t('noQr')} hint={t('noQrHint')} />}
      />
      <SideDrawer isOpen={isMaking} title={t('createQr')} close={() => setMaking(false)}>
        <MakeForm
          originalId={originalId}
          onDone={made => {
            setMaking(false)
            setShown(made)
          }}
        />
      </SideDrawer>
      <Modal
        open={shown !== undefined}
        title={shown?.scene}
        footer={null}
        onCancel={() => setShown(undefined)}
      >
        {shown ? <QrCode value={shown.url} label={t('qrOf', { scene: shown.scene })} /> : null}
      </Modal>
    </>
  )
}

function useColumns(originalId: string, show: (code: Code) => void): Column<Code>[] {
  const t = useText('official-followers')
  const [, set] = useUrlState()
  const remove = useAct('/web/official/qr-code/remove', {
    refresh: ['/web/official/qr-codes'],
    done: t('done'),
    confirm: ({ scene }) => ({ title: t('removeQr'), content: t('removeQrText', { scene }), danger: true }),
  })
  return [
    {
      key: 'name',
      title: t('qrName'),
      render: row => (
        <Button type="link" style={{ padding: 0 }} onClick={() => show(row)}>
          {row.name}
        </Button>
      ),
    },
    { key: 'scene', title: t('qrScene'), render: row => row.scene },
    {
      key: 'following',
      title: t('cameBy'),
      align: 'right',
      render: row => (
        <Button
          type="link"
          style={{ padding: 0 }}
          onClick={() => set({ tab: undefined, qrScene: row.scene, pageNo: undefined })}
        >
          {formatNumber(row.following)}
        </Button>
      ),
    },
    { key: 'left', title: t('leftAgain'), align: 'right', render: row => formatNumber(row.left) },
    {
      key: 'expires',
      title: t('expires'),
      render: row => (row.expiresAt ? <Time at={row.expiresAt} /> : t('permanent')),
    },
    {
      key: 'acts',
      title: t('acts'),
      render: row => (
        <Button size="small" danger onClick={() => void remove.run({ originalId, scene: row.scene })}>
          {t('remove')}
        </Button>
      ),
    },
  ]
}

const day = 86_400

type NewCode = { scene: string; name: string; seconds: number }

function MakeForm(props: {
  originalId: string
  onDone(made: { scene: string; url: string }): void
}): ReactNode {
  const t = useText('official-followers')
  const [form] = Form.useForm<NewCode>()
  const fields = { named: { scene: 'scene', name: 'name', seconds: 'seconds' } }
  const make = useFormAct('/web/official/qr-code/create', form, fields, {
    refresh: ['/web/official/qr-codes'],
  })
  const { originalId } = props
  const save = async ({ seconds, ...code }: NewCode) => {
    const made = await make.run({ originalId, ...code, ...(seconds ? { seconds } : {}) })
    if (made) props.onDone(made)
  }
  return (
    <DrawerForm<NewCode>
      form={form}
      submit={t('createQr')}
      isRunning={make.isRunning}
      initialValues={{ scene: '', name: '', seconds: 30 * day }}
      onFinish={code => void save(code)}
    >
      <Form.Item
        name="scene"
        label={t('qrScene')}
        extra={t('qrSceneHint')}
        rules={[{ required: true, whitespace: true }]}
      >
        <Input maxLength={64} autoFocus autoComplete="off" />
      </Form.Item>
      <Form.Item name="name" label={t('qrName')}>
        <Input maxLength={64} autoComplete="off" />
      </Form.Item>
      <Form.Item name="seconds" label={t('expires')}>
        <Radio.Group
          options={[
            { value: day, label: t('days', { n: 1 }) },
            { value: 7 * day, label: t('days', { n: 7 }) },
            { value: 30 * day, label: t('days', { n: 30 }) },
            { value: 0, label: t('permanent') },
          ]}
        />
      </Form.Item>
    </DrawerForm>
  )
}
