import { Button, Form, Input, Modal, Radio } from 'antd'
import { type ReactNode, useState } from 'react'
import { useUrlState } from '../../../ui/address/url-state.ts'
import { useAct } from '../../../ui/data/act.tsx'
import type { Row } from '../../../ui/data/api.ts'
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
      {isMaking ? (
        <MakeDialog
          originalId={originalId}
          onDone={made => {
            setMaking(false)
            if (made) setShown(made)
          }}
        />
      ) : null}
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

function MakeDialog(props: {
  originalId: string
  onDone(made?: { scene: string; url: string }): void
}): ReactNode {
  const t = useText('official-followers')
  const [scene, setScene] = useState('')
  const [name, setName] = useState('')
  const [seconds, setSeconds] = useState(30 * day)
  const make = useAct('/web/official/qr-code/create', { refresh: ['/web/official/qr-codes'] })
  const { originalId } = props
  const save = async () => {
    const made = await make.run({ originalId, scene, name, ...(seconds ? { seconds } : {}) })
    if (made) props.onDone(made)
  }
  return (
    <Modal
      open
      title={t('createQr')}
      onOk={() => void save()}
      onCancel={() => props.onDone()}
      okButtonProps={{ disabled: scene.trim() === '', loading: make.isRunning }}
    >
      <Form layout="vertical">
        <Form.Item label={t('qrScene')} htmlFor="qr-scene" extra={t('qrSceneHint')}>
          <Input
            id="qr-scene"
            maxLength={64}
            value={scene}
            onChange={event => setScene(event.target.value)}
          />
        </Form.Item>
        <Form.Item label={t('qrName')} htmlFor="qr-name">
          <Input id="qr-name" maxLength={64} value={name} onChange={event => setName(event.target.value)} />
        </Form.Item>
        <Form.Item label={t('expires')}>
          <Radio.Group
            aria-label={t('expires')}
            value={seconds}
            onChange={event => setSeconds(event.target.value)}
            options={[
              { value: day, label: t('days', { n: 1 }) },
              { value: 7 * day, label: t('days', { n: 7 }) },
              { value: 30 * day, label: t('days', { n: 30 }) },
              { value: 0, label: t('permanent') },
            ]}
          />
        </Form.Item>
      </Form>
    </Modal>
  )
}
