import { Button, Form, Input, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import type { AccountDetail } from './connect.tsx'

/** Unbinding deletes all that was kept of the account, so what that is gets told and the id has to be typed. */
export function Unbind({ account }: { account: AccountDetail }): ReactNode {
  const t = useText('official')
  const [isOpen, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const { close } = useOpen()
  const { originalId, name } = account
  const act = useAct('/web/official/account/remove', {
    done: t('unbound'),
    refresh: ['/web/official/accounts'],
  })
  const remove = async () => {
    if (await act.run({ originalId, confirm: typed.trim() })) close()
  }
  return (
    <>
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('unbindHint')}
      </p>
      <Button danger onClick={() => setOpen(true)}>
        {t('unbind')}
      </Button>
      <Modal
        open={isOpen}
        title={t('unbindTitle', { name })}
        okText={t('unbind')}
        okButtonProps={{ danger: true, disabled: typed.trim() !== originalId }}
        confirmLoading={act.isRunning}
        onOk={() => void remove()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <WhatGoes originalId={originalId} />
        <Form.Item label={t('unbindConfirm', { id: originalId })} layout="vertical" htmlFor="unbind-confirm">
          <Input
            id="unbind-confirm"
            autoComplete="off"
            value={typed}
            onChange={event => setTyped(event.target.value)}
          />
        </Form.Item>
      </Modal>
    </>
  )
}

function WhatGoes({ originalId }: { originalId: string }): ReactNode {
  const t = useText('official')
  const read = useRead('/web/official/account/removal', { originalId })
  if (!read.data) return <Loading height={60} />
  const { goes } = read.data
  if (goes.length === 0) return <p>{t('goesNothing')}</p>
  return (
    <>
      <p>{t('goes')}</p>
      <ul className="official-goes">
        {goes.map(one => (
          <li key={one.name}>
            {one.name} {formatNumber(one.count)}
          </li>
        ))}
      </ul>
    </>
  )
}
