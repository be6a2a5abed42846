import { Button, Form, Input, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'

/** Removing a corp deletes all of its data, so its id has to be typed first. */
export function RemoveCorp(props: { corp: Answer<'/web/corps/one'> }): ReactNode {
  const t = useText('corps')
  const [isOpen, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const { corpId, name } = props.corp
  const act = useAct('/web/corps/remove', {
    done: t('removed'),
  })
  const remove = async () => {
    const done = await act.run({ removedCorpId: corpId, confirm: typed.trim(), corpId })
    // Everything on this page belonged to the removed corp, so the page is loaded again.
    if (done) location.assign('/console/system/corps')
  }
  return (
    <>
      <p className="wisp-quiet" style={{ marginTop: 0 }}>
        {t('removeHint')}
      </p>
      <Button danger onClick={() => setOpen(true)}>
        {t('remove')}
      </Button>
      <Modal
        open={isOpen}
        title={t('removeTitle', { name })}
        okText={t('remove')}
        okButtonProps={{ danger: true, disabled: typed.trim() !== corpId }}
        confirmLoading={act.isRunning}
        onOk={() => void remove()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <p>{t('removeHint')}</p>
        <Form.Item label={t('removeConfirm', { id: corpId })} layout="vertical" htmlFor="remove-confirm">
          <Input
            id="remove-confirm"
            autoComplete="off"
            value={typed}
            onChange={event => setTyped(event.target.value)}
          />
        </Form.Item>
      </Modal>
    </>
  )
}
