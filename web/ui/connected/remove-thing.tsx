import { Button, Form, Input, Modal } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { useText } from '../text.ts'

/** Removes something that is connected, once its id has been typed. */
export function RemoveThing(props: {
  /** The word on the buttons. */
  act: string
  title: string
  /** Beside the button; what is read when it is asked are `children` then. */
  hint?: string
  id: string
  /** What the id is called there. */
  idName: string
  isRunning: boolean
  /** Resolves with undefined when it was refused, which has then been shown. */
  remove(typed: string): Promise<unknown>
  /** What goes with it; read when it is asked, instead of `hint`. */
  children?: ReactNode
}): ReactNode {
  const t = useText('objects')
  const field = useId()
  const [isOpen, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const { act, id } = props
  const isRight = typed.trim() === id
  const remove = async () => {
    if (isRight && (await props.remove(typed.trim()))) close()
  }
  const close = () => {
    setOpen(false)
    setTyped('')
  }
  return (
    <>
      {props.hint === undefined ? null : (
        <p className="wisp-quiet" style={{ marginTop: 0 }}>
          {props.hint}
        </p>
      )}
      <Button danger onClick={() => setOpen(true)}>
        {act}
      </Button>
      <Modal
        open={isOpen}
        title={props.title}
        okText={act}
        okButtonProps={{ danger: true, disabled: !isRight }}
        confirmLoading={props.isRunning}
        onOk={() => void remove()}
        onCancel={close}
        destroyOnHidden
      >
        {props.children ?? <p>{props.hint}</p>}
        <Form.Item label={t('typeToConfirm', { what: props.idName, id })} layout="vertical" htmlFor={field}>
          <Input
            id={field}
            autoComplete="off"
            value={typed}
            onChange={event => setTyped(event.target.value)}
            onPressEnter={() => void remove()}
          />
        </Form.Item>
      </Modal>
    </>
  )
}
